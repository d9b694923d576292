package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.memory.HostMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads files: dirty blocks from their pages, others from the device, which decrypts them on their
 * way; holes are zeros. The inode's lock is not needed: others may change the file meanwhile.
 */
final class ContentsReader {
  /** Blocks that are read at a time. */
  private static final int WINDOW_BLOCKS = IoBatch.MAX_BIO_BLOCKS;

  private final HostMemory memory;
  private final IoBatch.Pool io;
  private final Mappings mappings;
  private final BlockAllocator allocator;
  private final BlockResolver resolver;

  ContentsReader(
      HostMemory memory,
      IoBatch.Pool io,
      Mappings mappings,
      BlockAllocator allocator,
      BlockResolver resolver) {
    this.memory = memory;
    this.io = io;
    this.mappings = mappings;
    this.allocator = allocator;
    this.resolver = resolver;
  }

  /** Fills {@code target} from {@code offset} on; all of it lies before the end of the file. */
  void read(Inode inode, long offset, MemorySegment target) {
    long bytes = target.byteSize();
    for (long done = 0; done < bytes; ) {
      long at = offset + done;
      long firstBlock = at / BLOCK_BYTES;
      long windowEnd = (firstBlock + WINDOW_BLOCKS) * BLOCK_BYTES;
      MemorySegment part = target.asSlice(done, Math.min(windowEnd - at, bytes - done));
      int blocks =
          Math.toIntExact(Math.ceilDiv(at + part.byteSize(), (long) BLOCK_BYTES) - firstBlock);
      try (BouncePages pages = new BouncePages(memory, blocks)) {
        new Window(inode, at, part, pages).read();
      }
      done += part.byteSize();
    }
  }

  /** Blocks that come from one extent. Until that has ended, neither its place nor its key go. */
  private record ExtentRead(long from, long to, long extentId, long extentDeviceBlock) {}

  /** The blocks that are read together; what comes from the device does so by way of pages. */
  private final class Window {
    private final Inode inode;
    private final long offset;
    private final MemorySegment target;
    private final BouncePages pages;
    private final long firstBlock;
    private final List<ExtentRead> reads = new ArrayList<>();

    Window(Inode inode, long offset, MemorySegment target, BouncePages pages) {
      this.inode = inode;
      this.offset = offset;
      this.target = target;
      this.pages = pages;
      firstBlock = offset / BLOCK_BYTES;
    }

    void read() {
      IoBatch batch = io.begin();
      try {
        long endBlock = firstBlock + pages.blocks();
        for (long block = firstBlock; block < endBlock; ) {
          block = begin(block, endBlock, batch);
        }
      } finally {
        try {
          batch.await();
        } finally {
          for (ExtentRead read : reads) {
            allocator.unpin(read.extentDeviceBlock);
            inode.extentKeys.endRead(read.extentId);
          }
        }
      }
      for (ExtentRead read : reads) {
        long start = start(read.from);
        pages.copyTo(
            start - firstBlock * BLOCK_BYTES, target, start - offset, end(read.to) - start);
      }
    }

    /**
     * Takes what is in memory from {@code block} on, or begins to read it, as far as one source
     * goes; returns where it ends. What is in memory is copied now: during a wait, writeback could
     * end and free it.
     */
    private long begin(long block, long endBlock, IoBatch batch) {
      long nextDirty = inode.dirty.nextDirty(block);
      if (nextDirty == block) {
        long to = Math.min(inode.dirty.nextClean(block), endBlock);
        copyDirty(block, to);
        return to;
      }
      long limit = nextDirty < 0 ? endBlock : Math.min(nextDirty, endBlock);
      FileExtent run = mappings.find(inode.number, block);
      if (run == null) {
        long to = mappings.nextMapped(inode.number, block, limit);
        target.asSlice(start(block) - offset, end(to) - start(block)).fill((byte) 0);
        return to;
      }
      long to = Math.min(run.endBlock(), limit);
      beginExtent(run, block, to, batch);
      return to;
    }

    private void copyDirty(long from, long to) {
      for (long block = from; block < to; block++) {
        long start = start(block);
        MemorySegment.copy(
            memory.segment(),
            inode.dirty.addressOf(block) + start % BLOCK_BYTES,
            target,
            start - offset,
            end(block + 1) - start);
      }
    }

    private void beginExtent(FileExtent run, long from, long to, IoBatch batch) {
      DiskExtent extent = mappings.extent(run.extentId());
      allocator.pin(extent.deviceBlock());
      inode.extentKeys.beginRead(run.extentId());
      reads.add(new ExtentRead(from, to, run.extentId(), extent.deviceBlock()));
      Bio bio = batch.bio(BioOp.READ, run.deviceBlock(extent, from));
      pages.addTo(bio, (int) (from - firstBlock), (int) (to - from));
      resolver.resolve(bio.crypt(), inode, run, extent, from);
      resolver.trace(inode, run, extent, from);
      batch.submit(bio);
    }

    /** Where in the file what is wanted of {@code block} and those after it begins. */
    private long start(long block) {
      return Math.max(offset, block * BLOCK_BYTES);
    }

    /** Where in the file what is wanted of the blocks before {@code block} ends. */
    private long end(long block) {
      return Math.min(offset + target.byteSize(), block * BLOCK_BYTES);
    }
  }
}
