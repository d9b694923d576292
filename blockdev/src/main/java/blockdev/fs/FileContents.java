package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.memory.HostMemory;
import blockdev.queue.BlockDevice;
import blockdev.sim.SimMutex;
import blockdev.trace.FileBlock;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is in files: reads, writes into dirty pages, and writeback of these into new extents.
 *
 * <p>Blocks get their place on the device as late as writeback, so that what was written piece by
 * piece lies in large extents. The caller holds the inode's lock for everything but reading.
 */
final class FileContents {
  /** Blocks that are read at a time. */
  private static final int WINDOW_BLOCKS = IoBatch.MAX_BIO_BYTES / BLOCK_BYTES;

  private final BlockDevice device;
  private final IoBatch.Pool io;
  private final Mappings mappings;
  private final BlockAllocator allocator;
  private final ContentsStrategy strategy;
  private final SimMutex commitLock;
  private final int maxExtentBlocks;
  private final HostMemory memory;
  private final Tracer tracer;
  private long lastExtentId;
  private long reencryptedBytes;

  FileContents(
      BlockDevice device,
      IoBatch.Pool io,
      Mappings mappings,
      BlockAllocator allocator,
      ContentsStrategy strategy,
      SimMutex commitLock,
      int maxExtentBlocks) {
    this.device = device;
    this.io = io;
    this.mappings = mappings;
    this.allocator = allocator;
    this.strategy = strategy;
    this.commitLock = commitLock;
    this.maxExtentBlocks = maxExtentBlocks;
    memory = device.memory();
    tracer = device.tracer();
    lastExtentId = mappings.lastExtentId();
  }

  /** Reads {@code bytes}, all of them before the end of the file. Holes read as zeros. */
  void read(Inode inode, long offset, MemorySegment target, long targetOffset, long bytes) {
    long done = 0;
    while (done < bytes) {
      long at = offset + done;
      long firstBlock = at / BLOCK_BYTES;
      long windowEnd = (firstBlock + WINDOW_BLOCKS) * BLOCK_BYTES;
      long length = Math.min(windowEnd - at, bytes - done);
      readWindow(inode, at, target, targetOffset + done, length);
      done += length;
    }
  }

  private void readWindow(
      Inode inode, long offset, MemorySegment target, long targetOffset, long bytes) {
    long firstBlock = offset / BLOCK_BYTES;
    long endBlock = Math.ceilDiv(offset + bytes, (long) BLOCK_BYTES);
    try (BouncePages pages = new BouncePages(memory, (int) (endBlock - firstBlock))) {
      List<Piece> pieces = new ArrayList<>();
      List<DiskRead> reads = new ArrayList<>();
      IoBatch batch = io.begin();
      try {
        for (long block = firstBlock; block < endBlock; ) {
          block = readPiece(inode, firstBlock, block, endBlock, pages, batch, pieces, reads);
        }
        // What is in memory is copied now: during the wait, writeback could end and free it.
        for (Piece piece : pieces) {
          if (piece.source != Source.DEVICE) {
            piece.copy(offset, bytes, inode, pages, firstBlock, target, targetOffset);
          }
        }
      } finally {
        try {
          batch.await();
        } finally {
          for (DiskRead read : reads) {
            allocator.unpin(read.firstBlock);
            inode.extentKeys.endRead(read.extentId);
          }
        }
      }
      for (Piece piece : pieces) {
        if (piece.source == Source.DEVICE) {
          piece.copy(offset, bytes, inode, pages, firstBlock, target, targetOffset);
        }
      }
    }
  }

  /** Part of an extent that is read: until it has ended, neither its blocks nor its key go. */
  private record DiskRead(long extentId, long firstBlock) {}

  private enum Source {
    HOLE,
    DIRTY,
    DEVICE
  }

  /** A run of file blocks that all come from the same kind of source. */
  private final class Piece {
    final long from;
    final long to;
    final Source source;

    Piece(long from, long to, Source source) {
      this.from = from;
      this.to = to;
      this.source = source;
    }

    void copy(
        long offset,
        long bytes,
        Inode inode,
        BouncePages pages,
        long firstBlock,
        MemorySegment target,
        long targetOffset) {
      long start = Math.max(offset, from * BLOCK_BYTES);
      long end = Math.min(offset + bytes, to * BLOCK_BYTES);
      long at = targetOffset + start - offset;
      switch (source) {
        case HOLE -> target.asSlice(at, end - start).fill((byte) 0);
        case DEVICE -> pages.copyTo(start - firstBlock * BLOCK_BYTES, target, at, end - start);
        case DIRTY -> {
          for (long byteAt = start; byteAt < end; ) {
            long block = byteAt / BLOCK_BYTES;
            long length = Math.min((block + 1) * BLOCK_BYTES, end) - byteAt;
            long page = inode.dirty.addressOf(block) + byteAt % BLOCK_BYTES;
            MemorySegment.copy(
                memory.segment(), page, target, targetOffset + byteAt - offset, length);
            byteAt += length;
          }
        }
      }
    }
  }

  /** Begins to read from {@code block} on as far as one source goes; returns where it ends. */
  private long readPiece(
      Inode inode,
      long firstBlock,
      long block,
      long endBlock,
      BouncePages pages,
      IoBatch batch,
      List<Piece> pieces,
      List<DiskRead> reads) {
    long nextDirty = inode.dirty.nextDirty(block);
    if (nextDirty == block) {
      long end = Math.min(inode.dirty.nextClean(block), endBlock);
      pieces.add(new Piece(block, end, Source.DIRTY));
      return end;
    }
    long limit = nextDirty < 0 ? endBlock : Math.min(nextDirty, endBlock);
    FileExtent run = mappings.find(inode.number, block);
    if (run == null) {
      long end = mappings.nextMapped(inode.number, block, limit);
      pieces.add(new Piece(block, end, Source.HOLE));
      return end;
    }
    long end = Math.min(run.endBlock(), limit);
    DiskExtent extent = mappings.extent(run.extentId());
    allocator.pin(extent.deviceBlock());
    inode.extentKeys.beginRead(run.extentId());
    reads.add(new DiskRead(run.extentId(), extent.deviceBlock()));
    Bio bio = batch.bio(BioOp.READ, run.deviceBlock(extent, block));
    pages.addTo(bio, (int) (block - firstBlock), (int) (end - block));
    resolve(bio.crypt(), inode, run, extent, block);
    traceMapping(inode, run, extent, block);
    batch.submit(bio);
    pieces.add(new Piece(block, end, Source.DEVICE));
    return end;
  }

  /**
   * Copies {@code bytes} into dirty pages, and the file grows as far as they reach. Where a block
   * is written in part, the rest of it is read first.
   */
  void write(Inode inode, long offset, MemorySegment source, long sourceOffset, long bytes) {
    long done = 0;
    try {
      while (done < bytes) {
        long at = offset + done;
        long block = at / BLOCK_BYTES;
        int inBlock = (int) (at % BLOCK_BYTES);
        int length = (int) Math.min(BLOCK_BYTES - inBlock, bytes - done);
        long page =
            length == BLOCK_BYTES ? makeDirty(inode, block) : makeDirtyKeepingRest(inode, block);
        MemorySegment.copy(source, sourceOffset + done, memory.segment(), page + inBlock, length);
        done += length;
      }
    } finally {
      if (offset + done > inode.record.sizeBytes() && done > 0) {
        inode.record = inode.record.withSize(offset + done);
      }
    }
  }

  /**
   * Zeroes the file from {@code sizeBytes} to the end of that block; nothing beyond stays dirty.
   */
  void zeroBehind(Inode inode, long sizeBytes) {
    long block = sizeBytes / BLOCK_BYTES;
    int inBlock = (int) (sizeBytes % BLOCK_BYTES);
    if (inBlock != 0 && sizeBytes < inode.record.sizeBytes() && !isHole(inode, block)) {
      long page = makeDirtyKeepingRest(inode, block);
      memory.segment().asSlice(page + inBlock, BLOCK_BYTES - inBlock).fill((byte) 0);
    }
    inode.dirty.dropFrom(Math.ceilDiv(sizeBytes, (long) BLOCK_BYTES));
  }

  private boolean isHole(Inode inode, long block) {
    return inode.dirty.addressOf(block) == HostMemory.NONE
        && mappings.find(inode.number, block) == null;
  }

  private long makeDirty(Inode inode, long block) {
    long page = inode.dirty.makeDirty(block);
    if (page == HostMemory.NONE) {
      throw new FsException(Errno.ENOMEM, "no host memory for dirty pages");
    }
    return page;
  }

  private long makeDirtyKeepingRest(Inode inode, long block) {
    long page = inode.dirty.addressOf(block);
    if (page != HostMemory.NONE) {
      return page;
    }
    if (mappings.find(inode.number, block) == null) {
      page = makeDirty(inode, block);
      memory.segment().asSlice(page, BLOCK_BYTES).fill((byte) 0);
      return page;
    }
    long bounce = memory.allocate(BLOCK_BYTES);
    if (bounce == HostMemory.NONE) {
      throw new FsException(Errno.ENOMEM, "no host memory to read a block before changing it");
    }
    try {
      read(inode, block * BLOCK_BYTES, memory.segment(), bounce, BLOCK_BYTES);
      page = makeDirty(inode, block);
      MemorySegment.copy(memory.segment(), bounce, memory.segment(), page, BLOCK_BYTES);
      return page;
    } finally {
      memory.free(bounce, BLOCK_BYTES);
    }
  }

  /**
   * Writes all dirty pages of {@code inode} into new extents, points the file at them, and frees
   * the pages. Afterwards the data is on the device, and durable with the next commit.
   *
   * @throws FsException ENOSPC if the blocks do not suffice, EIO if the device failed; the pages
   *     stay dirty
   */
  void writeBack(Inode inode) {
    List<NewExtent> written = new ArrayList<>();
    boolean complete = false;
    try {
      IoBatch batch = io.begin();
      try {
        for (long from = inode.dirty.nextDirty(0); from >= 0; from = inode.dirty.nextDirty(from)) {
          long end = inode.dirty.nextClean(from);
          while (from < end) {
            from += writeExtent(inode, from, end, batch, written);
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
    // No commit may be between its flush and its record now: the flush did not cover this data.
    commitLock.lock(device.submitter().events());
    try {
      for (NewExtent extent : written) {
        mappings
            .install(inode.number, extent.run(), extent.onDisk())
            .forEach(inode.extentKeys::retire);
      }
      inode.dirty.dropFrom(0);
    } finally {
      commitLock.unlock();
    }
  }

  private record NewExtent(FileExtent run, DiskExtent onDisk) {
    BlockAllocator.Run blocks() {
      return new BlockAllocator.Run(onDisk.deviceBlock(), onDisk.blocks());
    }
  }

  /** Writes one extent from {@code from} on, at most up to {@code end}; returns its blocks. */
  private int writeExtent(
      Inode inode, long from, long end, IoBatch batch, List<NewExtent> written) {
    int wanted = (int) Math.min(maxExtentBlocks, end - from);
    BlockAllocator.Run blocks = allocator.allocate(wanted);
    if (blocks == null) {
      throw new FsException(Errno.ENOSPC, "no block of the device is free");
    }
    long id = ++lastExtentId;
    FileExtent run = new FileExtent(from, id, 0, blocks.blocks());
    ExtentContext context;
    try {
      context = strategy.newExtent(inode, id);
    } catch (FscryptException e) {
      allocator.cancel(blocks);
      throw refused(inode, id, e);
    } catch (FsException e) {
      allocator.cancel(blocks);
      throw e;
    }
    DiskExtent extent = new DiskExtent(blocks.firstBlock(), blocks.blocks(), 1, context);
    written.add(new NewExtent(run, extent));
    traceMapping(inode, run, extent, from);
    for (long block = from; block < run.endBlock(); ) {
      Bio bio = batch.bio(BioOp.WRITE, run.deviceBlock(extent, block));
      resolve(bio.crypt(), inode, run, extent, block);
      long bioEnd = Math.min(block + WINDOW_BLOCKS, run.endBlock());
      while (block < bioEnd && bio.addSegment(inode.dirty.addressOf(block), BLOCK_BYTES)) {
        block++;
      }
      batch.submit(bio);
    }
    return blocks.blocks();
  }

  private void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    try {
      strategy.resolve(target, inode, run, extent, fileBlock);
    } catch (FscryptException e) {
      throw refused(inode, run.extentId(), e);
    }
  }

  private static FsException refused(Inode inode, long extentId, FscryptException cause) {
    return new FsException(
        cause.errno(),
        "extent " + extentId + " of inode " + inode.number + ": " + cause.getMessage(),
        cause);
  }

  /**
   * Moves an extent to other blocks without its key: the ciphertext goes as it is.
   *
   * @return false if there is no run of free blocks for it, or it is gone
   */
  boolean relocate(long id) {
    return relocate(id, null);
  }

  /**
   * Moves an extent that {@code run} of {@code inode} points into, where ciphertext belongs to its
   * place: it is decrypted where it lies and encrypted where it goes, with the same key.
   *
   * @return false if there is no run of free blocks for it, or it is gone
   */
  boolean relocateWithKey(Inode inode, FileExtent run) {
    long id = run.extentId();
    inode.extentKeys.beginRead(id);
    try {
      DiskExtent extent = mappings.extentOrNull(id);
      if (extent == null) {
        return false;
      }
      CryptoContext crypt = new CryptoContext();
      resolve(crypt, inode, run, extent, run.fileBlock());
      return relocate(id, crypt.key());
    } finally {
      inode.extentKeys.endRead(id);
    }
  }

  private boolean relocate(long id, @Nullable CryptoKey key) {
    DiskExtent old = mappings.extentOrNull(id);
    BlockAllocator.Run to = old == null ? null : allocator.allocate(old.blocks());
    if (old == null || to == null) {
      return false;
    }
    boolean moved = false;
    allocator.pin(old.deviceBlock());
    try {
      if (to.blocks() == old.blocks()) {
        copyBlocks(old.deviceBlock(), to, key);
        moved = install(id, old, to);
      }
    } finally {
      allocator.unpin(old.deviceBlock());
      if (!moved) {
        allocator.cancel(to);
      }
    }
    return moved;
  }

  /** With a key, a block's address is the number of its data unit. */
  private void copyBlocks(long from, BlockAllocator.Run to, @Nullable CryptoKey key) {
    for (int done = 0; done < to.blocks(); ) {
      int count = Math.min(WINDOW_BLOCKS, to.blocks() - done);
      try (BouncePages pages = new BouncePages(memory, count)) {
        transfer(BioOp.READ, from + done, pages, key);
        transfer(BioOp.WRITE, to.firstBlock() + done, pages, key);
      }
      done += count;
    }
    if (key != null) {
      reencryptedBytes += (long) to.blocks() * BLOCK_BYTES;
    }
  }

  private void transfer(BioOp op, long deviceBlock, BouncePages pages, @Nullable CryptoKey key) {
    IoBatch batch = io.begin();
    Bio bio = batch.bio(op, deviceBlock);
    if (key != null) {
      bio.crypt().set(key, deviceBlock);
    }
    pages.addTo(bio, 0, pages.blocks());
    batch.submit(bio);
    batch.await();
  }

  /** Bytes that moving extents has decrypted and encrypted again. */
  long reencryptedBytes() {
    return reencryptedBytes;
  }

  private boolean install(long id, DiskExtent old, BlockAllocator.Run to) {
    commitLock.lock(device.submitter().events());
    try {
      DiskExtent now = mappings.extentOrNull(id);
      if (now == null || now.deviceBlock() != old.deviceBlock()) {
        return false;
      }
      mappings.move(id, now, to);
      return true;
    } finally {
      commitLock.unlock();
    }
  }

  private void traceMapping(Inode inode, FileExtent run, DiskExtent extent, long block) {
    FscryptContext context = inode.record.context();
    if (tracer == Tracer.OFF || context == null) {
      return;
    }
    CryptoContext crypt = new CryptoContext();
    resolve(crypt, inode, run, extent, block);
    tracer.blockMapped(
        new FileBlock(
            inode.number,
            block,
            run.extentStartBlock(),
            run.deviceBlock(extent, block),
            crypt.dun0(),
            Objects.toString(strategy.nonceOf(inode.record, extent)),
            context.policy().identifier().toString()));
  }
}
