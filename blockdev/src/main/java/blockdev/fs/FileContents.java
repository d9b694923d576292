package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What is in files, as those who have them open read and change it. A write goes into dirty pages;
 * {@link Writeback} takes these to the device when there are too many, when they are too old, or
 * when somebody asks for it.
 */
final class FileContents {
  /** The largest file: 16 TiB, whose data unit numbers take 4 bytes. */
  static final long MAX_FILE_BYTES = 1L << 44;

  private static final int WRITE_CHUNK_BYTES = 4 << 20;

  private final Mappings mappings;
  private final InodeTable table;
  private final InodeCache inodes;
  private final ContentsReader reader;
  private final PageWriter pages;
  private final Writeback writeback;
  private final Transactions transactions;

  FileContents(
      Mappings mappings,
      InodeTable table,
      InodeCache inodes,
      ContentsReader reader,
      PageWriter pages,
      Writeback writeback,
      Transactions transactions) {
    this.mappings = mappings;
    this.table = table;
    this.inodes = inodes;
    this.reader = reader;
    this.pages = pages;
    this.writeback = writeback;
    this.transactions = transactions;
  }

  /** As {@link OpenFile#read}. */
  long read(Inode inode, long offset, MemorySegment target) {
    long bytes = Math.min(target.byteSize(), inode.record.sizeBytes() - offset);
    if (bytes <= 0) {
      return 0;
    }
    try {
      reader.read(inode, offset, target.asSlice(0, bytes));
    } finally {
      inodes.evictUnused(inode);
    }
    return bytes;
  }

  /** As {@link OpenFile#write}. */
  void write(Inode inode, long offset, MemorySegment source) {
    transactions.requireWritable();
    if (source.byteSize() > MAX_FILE_BYTES - offset) {
      throw tooLarge();
    }
    for (long done = 0; done < source.byteSize(); ) {
      long at = offset + done;
      MemorySegment chunk =
          source.asSlice(done, Math.min(WRITE_CHUNK_BYTES, source.byteSize() - done));
      transactions.requireRoom();
      inodes.change(inode, () -> pages.write(inode, at, chunk));
      done += chunk.byteSize();
      writeBack(inodes.overdue());
    }
  }

  /** As {@link OpenFile#truncate}. */
  void truncate(Inode inode, long sizeBytes) {
    transactions.requireWritable();
    if (sizeBytes > MAX_FILE_BYTES) {
      throw tooLarge();
    }
    inodes.change(
        inode,
        () -> {
          pages.zeroBehind(inode, sizeBytes);
          // The zeros come with the size: a crash between would leave old bytes behind the end.
          writeback.write(inode);
          mappings
              .punch(inode.number, Math.ceilDiv(sizeBytes, (long) BLOCK_BYTES), Long.MAX_VALUE)
              .forEach(inode.extentKeys::retire);
          inode.record = inode.record.withSize(sizeBytes);
          table.put(inode.number, inode.record);
        });
  }

  private static FsException tooLarge() {
    return new FsException(Errno.EFBIG, "a file has at most " + MAX_FILE_BYTES + " bytes");
  }

  /** Makes what was written to one file durable, and every change of metadata. */
  void fsync(Inode inode) {
    transactions.requireWritable();
    inodes.change(inode, () -> writeback.write(inode));
    transactions.commit();
  }

  /** Makes everything durable. */
  void sync() {
    if (transactions.isReadOnly()) {
      return;
    }
    writeBack(inodes.dirty());
    transactions.commit();
  }

  /** Does something with a file while all that is in it lies in extents, and nobody changes it. */
  void withAllInExtents(Inode inode, Runnable action) {
    inodes.change(
        inode,
        () -> {
          writeback.write(inode);
          action.run();
        });
  }

  /** Called with no lock held: it takes those of the inodes. */
  private void writeBack(List<Inode> dirty) {
    for (Inode inode : dirty) {
      inodes.change(inode, () -> writeback.write(inode));
    }
  }
}
