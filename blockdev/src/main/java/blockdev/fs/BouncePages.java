package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.memory.HostMemory;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;

/**
 * Pages of host memory for some blocks of I/O, in runs of up to 64 KiB, given back by {@link
 * #close}.
 */
final class BouncePages implements AutoCloseable {
  private static final int RUN_BLOCKS = HostMemory.MAX_RUN_BYTES / BLOCK_BYTES;

  private final HostMemory memory;
  private final int blocks;
  private final long[] runs;

  /**
   * @throws FsException ENOMEM if the host memory has no room
   */
  BouncePages(HostMemory memory, int blocks) {
    this.memory = memory;
    this.blocks = blocks;
    runs = new long[Math.ceilDiv(blocks, RUN_BLOCKS)];
    for (int run = 0; run < runs.length; run++) {
      runs[run] = memory.allocate(runBytes(run));
      if (runs[run] == HostMemory.NONE) {
        free(run);
        throw new FsException(
            Errno.ENOMEM, "no host memory for " + (long) blocks * BLOCK_BYTES + " bytes of I/O");
      }
    }
  }

  int blocks() {
    return blocks;
  }

  /**
   * Appends the pages of {@code count} blocks from {@code from} on to {@code bio}.
   *
   * @throws IllegalArgumentException if the bio has too few segments for them
   */
  void addTo(Bio bio, int from, int count) {
    int block = from;
    int end = from + count;
    while (block < end) {
      int inRun = Math.min(RUN_BLOCKS - block % RUN_BLOCKS, end - block);
      if (!bio.addSegment(addressOf(block), inRun * BLOCK_BYTES)) {
        throw new IllegalArgumentException(
            count
                + " blocks need more segments than a bio has: at most "
                + IoBatch.MAX_BIO_BYTES
                + " bytes fit");
      }
      block += inRun;
    }
  }

  private long addressOf(int block) {
    return runs[block / RUN_BLOCKS] + (long) (block % RUN_BLOCKS) * BLOCK_BYTES;
  }

  /** The pages themselves, if there is only one run of them. */
  MemorySegment segment() {
    assert runs.length == 1 : "several runs";
    return memory.segment().asSlice(runs[0], runBytes(0));
  }

  void copyFrom(MemorySegment source) {
    for (int run = 0; run < runs.length; run++) {
      MemorySegment.copy(
          source,
          (long) run * HostMemory.MAX_RUN_BYTES,
          memory.segment(),
          runs[run],
          runBytes(run));
    }
  }

  /** Copies {@code bytes} from {@code fromBytes} on, counted over all blocks. */
  void copyTo(long fromBytes, MemorySegment target, long targetOffset, long bytes) {
    long done = 0;
    while (done < bytes) {
      long at = fromBytes + done;
      int run = (int) (at / HostMemory.MAX_RUN_BYTES);
      long inRun = at % HostMemory.MAX_RUN_BYTES;
      long length = Math.min(HostMemory.MAX_RUN_BYTES - inRun, bytes - done);
      MemorySegment.copy(memory.segment(), runs[run] + inRun, target, targetOffset + done, length);
      done += length;
    }
  }

  @Override
  public void close() {
    free(runs.length);
  }

  private int runBytes(int run) {
    return Math.min(RUN_BLOCKS, blocks - run * RUN_BLOCKS) * BLOCK_BYTES;
  }

  private void free(int count) {
    for (int run = 0; run < count; run++) {
      memory.free(runs[run], runBytes(run));
    }
  }
}
