package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.ExtentContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes dirty pages into new extents, and points files at these. Blocks get their place on the
 * device as late as now, so that what was written piece by piece lies in large extents.
 */
final class Writeback {
  private final IoBatch.Pool io;
  private final Mappings mappings;
  private final BlockAllocator allocator;
  private final BlockResolver resolver;
  private final Transactions transactions;
  private final InodeTable table;
  private final int maxExtentBlocks;

  Writeback(
      IoBatch.Pool io,
      Mappings mappings,
      BlockAllocator allocator,
      BlockResolver resolver,
      Transactions transactions,
      InodeTable table,
      int maxExtentBlocks) {
    this.io = io;
    this.mappings = mappings;
    this.allocator = allocator;
    this.resolver = resolver;
    this.transactions = transactions;
    this.table = table;
    this.maxExtentBlocks = maxExtentBlocks;
  }

  /**
   * Writes all dirty pages of {@code inode}, whose lock is held, frees them, and notes its size.
   * Afterwards the data is on the device, and durable with the next commit.
   *
   * @throws FsException ENOSPC if the blocks do not suffice, EIO if the device failed; the pages
   *     stay dirty
   */
  void write(Inode inode) {
    if (inode.dirty.isEmpty()) {
      return;
    }
    try {
      writeExtents(inode);
    } catch (FsException e) {
      if (e.errno() != Errno.ENOSPC) {
        throw e;
      }
      transactions.commit(); // Blocks that were freed can be used once that is durable.
      writeExtents(inode);
    }
    table.put(inode.number, inode.record);
  }

  private void writeExtents(Inode inode) {
    List<NewExtent> written = new ArrayList<>();
    boolean complete = false;
    try {
      IoBatch batch = io.begin();
      try {
        for (long from = inode.dirty.nextDirty(0); from >= 0; from = inode.dirty.nextDirty(from)) {
          long end = inode.dirty.nextClean(from);
          while (from < end) {
            NewExtent extent = allocate(inode, from, end);
            written.add(extent);
            submit(inode, extent, batch);
            from = extent.run().endBlock();
          }
        }
      } finally {
        batch.await();
      }
      complete = true;
    } finally {
      if (!complete) {
        for (NewExtent extent : written) {
          allocator.cancel(extent.blocks());
          inode.extentKeys.retire(extent.run().extentId());
        }
      }
    }
    transactions.changeAfterData(() -> {
      for (NewExtent extent : written) {
        mappings
            .install(inode.number, extent.run(), extent.onDisk())
            .forEach(inode.extentKeys::retire);
      }
      inode.dirty.dropFrom(0);
    });
  }

  private record NewExtent(FileExtent run, DiskExtent onDisk) {
    BlockAllocator.Run blocks() {
      return new BlockAllocator.Run(onDisk.deviceBlock(), onDisk.blocks());
    }
  }

  /** An extent, with its key, for the blocks from {@code from} on, at most up to {@code end}. */
  private NewExtent allocate(Inode inode, long from, long end) {
    BlockAllocator.Run blocks = allocator.allocate((int) Math.min(maxExtentBlocks, end - from));
    if (blocks == null) {
      throw new FsException(Errno.ENOSPC, "no block of the device is free");
    }
    long id = mappings.newExtentId();
    ExtentContext context;
    try {
      context = resolver.newExtent(inode, id);
    } catch (FsException e) {
      allocator.cancel(blocks);
      throw e;
    }
    return new NewExtent(
        new FileExtent(from, id, 0, blocks.blocks()),
        new DiskExtent(blocks.firstBlock(), blocks.blocks(), 1, context));
  }

  private void submit(Inode inode, NewExtent extent, IoBatch batch) {
    FileExtent run = extent.run();
    resolver.trace(inode, run, extent.onDisk(), run.fileBlock());
    for (long block = run.fileBlock(); block < run.endBlock(); ) {
      Bio bio = batch.bio(BioOp.WRITE, run.deviceBlock(extent.onDisk(), block));
      resolver.resolve(bio.crypt(), inode, run, extent.onDisk(), block);
      long bioEnd = Math.min(block + IoBatch.MAX_BIO_BLOCKS, run.endBlock());
      while (block < bioEnd && bio.addSegment(inode.dirty.addressOf(block), BLOCK_BYTES)) {
        block++;
      }
      batch.submit(bio);
    }
  }
}
