package blockdev.nvme;

import java.lang.foreign.MemorySegment;

/**
 * A range of Dataset Management, as the command's data list them, 16 bytes:
 *
 * <pre>
 * 0 hints (4) | 4 blocks (4) | 8 first LBA (8)
 * </pre>
 */
public final class DatasetRange {
  public static final int BYTES = 16;

  private static final int BLOCKS = 4;
  private static final int LBA = 8;

  private DatasetRange() {}

  /**
   * @param blocks as it is, not zero-based
   */
  public static void put(MemorySegment memory, long at, long lba, int blocks) {
    memory.set(SubmissionEntry.INT, at, 0);
    memory.set(SubmissionEntry.INT, at + BLOCKS, blocks);
    memory.set(SubmissionEntry.LONG, at + LBA, lba);
  }

  public static long lba(MemorySegment memory, long at) {
    return memory.get(SubmissionEntry.LONG, at + LBA);
  }

  /** From 0 to 2^32 − 1. */
  public static long blocks(MemorySegment memory, long at) {
    return memory.get(SubmissionEntry.INT, at + BLOCKS) & 0xFFFF_FFFFL;
  }
}
