package blockdev.nvme.controller;

import java.util.List;

/** What this device takes of the NVM command set: Identify says it, the commands hold to it. */
final class NvmLimits {
  /**
   * ONCS: Compare, Write Uncorrectable, Dataset Management, Write Zeroes, Verify, Copy. Compare
   * only {@linkplain #compares where there are bytes}, as {@link #FUSED_OPERATIONS}.
   */
  static final int OPTIONAL_COMMANDS = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 7 | 1 << 8;

  /** FUSES: Compare and Write. */
  static final int FUSED_OPERATIONS = 1;

  /** ACWU, one more: blocks of the largest fused pair. */
  static final int COMPARE_AND_WRITE_BLOCKS = 128;

  /** Ranges of a Dataset Management command; their lengths have no limit. */
  static final int DATASET_RANGES = 256;

  /** MSRC, one more: source ranges of a Copy. */
  static final int COPY_RANGES = 128;

  /** OCFS: which formats Copy's source entries may have. */
  static final int COPY_FORMATS = 0xF;

  /** Those of them that need not be enabled. */
  static final int PLAIN_COPY_FORMATS = 0x3;

  /** DLFEAT: deallocated blocks read as zeroes, Write Zeroes deallocates, their guard is FFFFh. */
  static final int DEALLOCATION_FEATURES = 1 | 1 << 3;

  /** VWC 2:1: Flush does not take NSID FFFFFFFFh. */
  static final int FLUSH_NAMESPACES = 2;

  private NvmLimits() {}

  /** Whether there is Compare, and with it the fused pair: where there are bytes to compare. */
  static boolean compares(List<Namespace> namespaces) {
    return namespaces.stream().allMatch(each -> each.medium().carriesBytes());
  }

  /** MSSRL and MCL: blocks of one source range, and of all, of a Copy. */
  static int copyBlocks(int maxTransferBytes, LbaFormat format) {
    return maxTransferBytes / format.blockBytes();
  }
}
