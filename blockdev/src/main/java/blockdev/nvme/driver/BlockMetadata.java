package blockdev.nvme.driver;

import blockdev.nvme.IdentifyData;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * What a namespace keeps beside the data of its blocks, as the driver deals with it: the device
 * makes protection information and checks it, and where other metadata, or more of it, has to move,
 * they go to and from a buffer of the driver that holds nothing.
 *
 * @param bytes of each block
 */
record BlockMetadata(int bytes, boolean isExtended, int protectionType) {
  private static final int PROTECTION_BYTES = 8;

  static BlockMetadata of(MemorySegment namespace) {
    return new BlockMetadata(
        IdentifyData.metadataBytes(namespace),
        IdentifyData.isExtended(namespace),
        IdentifyData.protectionType(namespace));
  }

  /** Whether some of it moves between host and device. */
  boolean moves() {
    return bytes > 0 && !(protectionType != 0 && bytes == PROTECTION_BYTES);
  }

  /**
   * Whether blocks can be used at all: not if metadata stands between the data in memory, where
   * bios have none. Such a namespace has capacity 0, as in Linux.
   */
  boolean isUsable() {
    return !(isExtended && moves());
  }

  /**
   * PRINFO of reads and writes ({@code nvme_setup_rw}): the device acts, and checks what it reads.
   */
  int protection() {
    return protectionType == 0
        ? 0
        : SubmissionEntry.PROTECTION_ACTION
            | SubmissionEntry.PROTECTION_CHECK_GUARD
            | SubmissionEntry.PROTECTION_CHECK_REFERENCE_TAG;
  }
}
