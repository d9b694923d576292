package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.memory.HostMemory;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;

/**
 * Puts what is written into the dirty pages of an inode, whose lock is held. A block that is
 * written in part is read first.
 */
final class PageWriter {
  private final HostMemory memory;
  private final Mappings mappings;
  private final ContentsReader reader;

  PageWriter(HostMemory memory, Mappings mappings, ContentsReader reader) {
    this.memory = memory;
    this.mappings = mappings;
    this.reader = reader;
  }

  /** Copies {@code source} to {@code offset}; the file grows as far as it got. */
  void write(Inode inode, long offset, MemorySegment source) {
    long done = 0;
    try {
      while (done < source.byteSize()) {
        long at = offset + done;
        long block = at / BLOCK_BYTES;
        int inBlock = (int) (at % BLOCK_BYTES);
        int length = (int) Math.min(BLOCK_BYTES - inBlock, source.byteSize() - done);
        long page =
            length == BLOCK_BYTES ? makeDirty(inode, block) : makeDirtyKeepingRest(inode, block);
        MemorySegment.copy(source, done, memory.segment(), page + inBlock, length);
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
      reader.read(inode, block * BLOCK_BYTES, memory.segment().asSlice(bounce, BLOCK_BYTES));
      page = makeDirty(inode, block);
      MemorySegment.copy(memory.segment(), bounce, memory.segment(), page, BLOCK_BYTES);
      return page;
    } finally {
      memory.free(bounce, BLOCK_BYTES);
    }
  }
}
