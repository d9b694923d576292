package blockdev.nvme.controller;

import blockdev.nvme.GuardCrc;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a command says about protection information of type 1, and how it is made and checked (NVM
 * Command Set 1.1, "End-to-end Data Protection"). A tuple is big-endian:
 *
 * <pre>
 * 0 guard (2) | 2 application tag (2) | 4 reference tag (4)
 * </pre>
 *
 * <p>It is over plaintext, as the host sees it.
 */
final class ProtectionFields {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int APPLICATION_TAG = 2;
  private static final int REFERENCE_TAG = 4;

  /** The application tag of a block that is not checked. */
  private static final int ESCAPE = 0xFFFF;

  private static final int CHECKS =
      SubmissionEntry.PROTECTION_CHECK_GUARD
          | SubmissionEntry.PROTECTION_CHECK_APPLICATION_TAG
          | SubmissionEntry.PROTECTION_CHECK_REFERENCE_TAG;

  private int flags;
  private int initialReference;
  private int applicationTag;
  private int applicationTagMask;
  private int badBlock;

  void clear() {
    flags = 0;
  }

  /** Takes what the command at {@code at} says, for a namespace with protection information. */
  void decode(MemorySegment memory, long at) {
    set(
        SubmissionEntry.protection(memory, at),
        SubmissionEntry.initialReference(memory, at),
        SubmissionEntry.applicationTag(memory, at),
        SubmissionEntry.applicationTagMask(memory, at));
  }

  void set(int protection, int reference, int tag, int mask) {
    flags = protection;
    initialReference = reference;
    applicationTag = tag;
    applicationTagMask = mask;
  }

  /** PRACT: the device makes protection information, and takes it away. */
  boolean isAction() {
    return (flags & SubmissionEntry.PROTECTION_ACTION) != 0;
  }

  /** Whether any of PRCHK is set. */
  boolean checksAnything() {
    return (flags & CHECKS) != 0;
  }

  private boolean checks(int what) {
    return (flags & what) != 0;
  }

  /**
   * With type 1 the reference tag is the low half of the address, where it is checked, and where
   * the device makes it.
   */
  int checkReference(long lba, boolean isMade) {
    boolean matters =
        checks(SubmissionEntry.PROTECTION_CHECK_REFERENCE_TAG) || (isMade && isAction());
    return matters && initialReference != (int) lba
        ? NvmeStatus.INVALID_PROTECTION_INFORMATION
        : NvmeStatus.SUCCESS;
  }

  /**
   * Checks blocks of {@code stage} from its {@code place}th on; the first is number {@code index}
   * of the command, or of the source range, whose fields these are.
   *
   * @return the error of the first block that has one, which {@link #badBlock} then tells
   */
  int check(Stage stage, LbaFormat format, int place, int index, int blocks) {
    if (!checksAnything()) {
      return NvmeStatus.SUCCESS;
    }
    MemorySegment metadata = stage.metadata();
    for (int block = 0; block < blocks; block++) {
      long tuple = (long) (place + block) * format.metadataBytes() + format.protectionOffset();
      int tag = metadata.get(SHORT, tuple + APPLICATION_TAG) & 0xFFFF;
      if (tag == ESCAPE) {
        continue;
      }
      badBlock = index + block;
      if (checks(SubmissionEntry.PROTECTION_CHECK_GUARD)
          && (metadata.get(SHORT, tuple) & 0xFFFF) != guard(stage, format, place + block)) {
        return NvmeStatus.GUARD_CHECK_ERROR;
      }
      if (checks(SubmissionEntry.PROTECTION_CHECK_APPLICATION_TAG)
          && ((tag ^ applicationTag) & applicationTagMask) != 0) {
        return NvmeStatus.APPLICATION_TAG_CHECK_ERROR;
      }
      if (checks(SubmissionEntry.PROTECTION_CHECK_REFERENCE_TAG)
          && metadata.get(INT, tuple + REFERENCE_TAG) != initialReference + index + block) {
        return NvmeStatus.REFERENCE_TAG_CHECK_ERROR;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  /** The number in its command of the block whose check failed. */
  int badBlock() {
    return badBlock;
  }

  /** Makes the tuples of blocks of {@code stage}; the first is number {@code index}. */
  void make(Stage stage, LbaFormat format, int index, int blocks) {
    MemorySegment metadata = stage.metadata();
    for (int block = 0; block < blocks; block++) {
      long tuple = (long) block * format.metadataBytes() + format.protectionOffset();
      metadata.set(SHORT, tuple, (short) guard(stage, format, block));
      metadata.set(SHORT, tuple + APPLICATION_TAG, (short) applicationTag);
      metadata.set(INT, tuple + REFERENCE_TAG, initialReference + index + block);
    }
  }

  private static int guard(Stage stage, LbaFormat format, int block) {
    int data =
        GuardCrc.update(
            GuardCrc.INITIAL,
            stage.data(),
            (long) block << format.blockShift(),
            format.blockBytes());
    return GuardCrc.update(
        data,
        stage.metadata(),
        (long) block * format.metadataBytes(),
        format.guardedMetadataBytes());
  }
}
