package blockdev.fs;

import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of which file lie where: the file extents of all inodes, the extents they point
 * into, and the blocks that nobody owns. Extents are never changed in place: overwriting a range
 * makes the file point elsewhere, and an extent is freed with the last file extent that points into
 * it.
 *
 * <p>No method waits, so each is one step to other simulated threads.
 */
final class Mappings {
  private final MVMap<LongPair, byte[]> fileExtents; // (inode, file block) → FileExtent
  private final MVMap<Long, byte[]> extents; // extent → DiskExtent
  private final int contextBytes;
  private final BlockAllocator allocator;
  private long lastExtentId;

  Mappings(MetadataStore store, int contextBytes, BlockAllocator allocator) {
    this.contextBytes = contextBytes;
    this.allocator = allocator;
    fileExtents = store.map("file-extents", LongPair.KeyType.INSTANCE, FileExtent.BYTES);
    extents =
        store.map("extents", LongKeyType.INSTANCE, DiskExtent.BYTES_WITHOUT_CONTEXT + contextBytes);
    extents.forEach((id, record) -> {
      DiskExtent extent = DiskExtent.decode(record);
      if (!allocator.claim(extent.deviceBlock(), extent.blocks())) {
        throw new FsException(
            Errno.EUCLEAN,
            "extent "
                + id
                + " does not lie on data blocks of its own, but at "
                + extent.deviceBlock());
      }
    });
    Long last = extents.lastKey();
    lastExtentId = last == null ? 0 : last;
  }

  /** The run that maps {@code fileBlock}; null in a hole. */
  @Nullable FileExtent find(long inode, long fileBlock) {
    LongPair key = fileExtents.floorKey(new LongPair(inode, fileBlock));
    if (key == null || key.first() != inode) {
      return null;
    }
    FileExtent run = decode(key);
    return run.endBlock() > fileBlock ? run : null;
  }

  /** The first block from {@code fileBlock} on that is mapped, or {@code end} if that is less. */
  long nextMapped(long inode, long fileBlock, long end) {
    if (find(inode, fileBlock) != null) {
      return fileBlock;
    }
    LongPair key = fileExtents.ceilingKey(new LongPair(inode, fileBlock));
    return key == null || key.first() != inode ? end : Math.min(key.second(), end);
  }

  /** All runs of a file, in order. */
  List<FileExtent> runs(long inode) {
    List<FileExtent> runs = new ArrayList<>();
    Iterator<LongPair> keys = fileExtents.keyIterator(new LongPair(inode, 0));
    while (keys.hasNext()) {
      LongPair key = keys.next();
      if (key.first() != inode) {
        break;
      }
      runs.add(decode(key));
    }
    return runs;
  }

  DiskExtent extent(long id) {
    DiskExtent extent = extentOrNull(id);
    if (extent == null) {
      throw new FsException(
          Errno.EUCLEAN, "a file points to extent " + id + ", which is not there");
    }
    return extent;
  }

  @Nullable DiskExtent extentOrNull(long id) {
    byte[] record = extents.get(id);
    return record == null ? null : DiskExtent.decode(record);
  }

  void forEachExtent(BiConsumer<Long, DiskExtent> action) {
    for (Map.Entry<Long, byte[]> entry : extents.entrySet()) {
      action.accept(entry.getKey(), DiskExtent.decode(entry.getValue()));
    }
  }

  /** A number that no extent has or had since the mount. */
  long newExtentId() {
    return ++lastExtentId;
  }

  /** A run of a file. */
  record InodeRun(long inode, FileExtent run) {}

  /** All runs of all files that point into an extent. Looks at every run there is. */
  List<InodeRun> runsInto(long extentId) {
    List<InodeRun> found = new ArrayList<>();
    fileExtents.forEach((key, record) -> {
      FileExtent run = FileExtent.decode(key.second(), record);
      if (run.extentId() == extentId) {
        found.add(new InodeRun(key.first(), run));
      }
    });
    return found;
  }

  /**
   * Makes {@code run} of a file point into the new extent it names.
   *
   * @return the extents that the file points into no more
   */
  List<Long> install(long inode, FileExtent run, DiskExtent extent) {
    List<Long> left = punch(inode, run.fileBlock(), run.endBlock());
    extents.put(run.extentId(), extent.encode(contextBytes));
    put(inode, run);
    return left;
  }

  /** Makes {@code target} share every extent of {@code source}; {@code target} has none. */
  void share(long source, long target) {
    for (FileExtent run : runs(source)) {
      DiskExtent extent = extent(run.extentId());
      store(run.extentId(), extent.withReferences(extent.references() + 1));
      put(target, run);
    }
  }

  /**
   * Makes the blocks {@code from} up to {@code to} of a file a hole.
   *
   * @return the extents that the file points into no more
   */
  List<Long> punch(long inode, long from, long to) {
    List<FileExtent> removed = new ArrayList<>();
    FileExtent before = find(inode, from);
    if (before != null) {
      cut(inode, before, from, to, removed);
    }
    LongPair key = fileExtents.ceilingKey(new LongPair(inode, from));
    while (key != null && key.first() == inode && key.second() < to) {
      cut(inode, decode(key), from, to, removed);
      key = fileExtents.ceilingKey(new LongPair(inode, from));
    }
    return removed.stream()
        .filter(run -> !pointsInto(inode, run))
        .map(FileExtent::extentId)
        .distinct()
        .toList();
  }

  /** Whether a file still points into the extent of {@code removed}, a run it had. */
  private boolean pointsInto(long inode, FileExtent removed) {
    DiskExtent extent = extentOrNull(removed.extentId());
    if (extent == null) {
      return false;
    }
    // A file's runs into one extent lie where the extent as a whole would.
    long start = removed.extentStartBlock();
    Iterator<LongPair> keys = fileExtents.keyIterator(new LongPair(inode, start));
    while (keys.hasNext()) {
      LongPair key = keys.next();
      if (key.first() != inode || key.second() >= start + extent.blocks()) {
        return false;
      }
      if (decode(key).extentId() == removed.extentId()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes {@code from} up to {@code to} out of {@code run}; what is left on either side stays. A
   * run of which nothing is left is {@code removed}.
   */
  private void cut(long inode, FileExtent run, long from, long to, List<FileExtent> removed) {
    fileExtents.remove(new LongPair(inode, run.fileBlock()));
    int pieces = 0;
    if (run.fileBlock() < from) {
      put(inode, run.part(run.fileBlock(), from));
      pieces++;
    }
    if (run.endBlock() > to) {
      put(inode, run.part(to, run.endBlock()));
      pieces++;
    }
    if (pieces == 0) {
      removed.add(run);
    }
    if (pieces != 1) {
      DiskExtent extent = extent(run.extentId());
      int references = extent.references() + pieces - 1;
      if (references == 0) {
        extents.remove(run.extentId());
        allocator.free(new BlockAllocator.Run(extent.deviceBlock(), extent.blocks()));
      } else {
        store(run.extentId(), extent.withReferences(references));
      }
    }
  }

  /** Notes that {@code extent} now lies at {@code to}, and frees the blocks where it lay. */
  void move(long id, DiskExtent extent, BlockAllocator.Run to) {
    store(id, extent.movedTo(to.firstBlock()));
    allocator.free(new BlockAllocator.Run(extent.deviceBlock(), extent.blocks()));
  }

  private void store(long id, DiskExtent extent) {
    extents.put(id, extent.encode(contextBytes));
  }

  private void put(long inode, FileExtent run) {
    fileExtents.put(new LongPair(inode, run.fileBlock()), run.encode());
  }

  private FileExtent decode(LongPair key) {
    byte[] record = fileExtents.get(key);
    assert record != null : "a key without a record: " + key;
    return FileExtent.decode(key.second(), record);
  }
}
