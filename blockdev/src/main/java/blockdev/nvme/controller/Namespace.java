package blockdev.nvme.controller;

import blockdev.media.Medium;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/** Logical blocks that lie one after the other on a medium. */
public final class Namespace {
  private static final int ERASED_AT_A_TIME = 1 << 20;
  private static final MemorySegment ZEROES = MemorySegment.ofArray(new byte[ERASED_AT_A_TIME]);

  private final int id;
  private final Medium medium;
  private final long offsetBytes;
  private final long capacityBytes;
  private LbaFormat format;
  private int refusal = NvmeStatus.SUCCESS;

  /**
   * @param id 1 or more
   * @param offsetBytes where block 0 starts on the medium
   * @param capacityBytes a multiple of the block
   */
  public Namespace(int id, Medium medium, long offsetBytes, long capacityBytes, LbaFormat format) {
    if (capacityBytes < format.blockBytes() || capacityBytes % format.blockBytes() != 0) {
      throw new IllegalArgumentException(
          "the medium's " + capacityBytes + " bytes are no multiple of " + format.blockBytes());
    }
    this.id = id;
    this.medium = medium;
    this.offsetBytes = offsetBytes;
    this.capacityBytes = capacityBytes;
    this.format = format;
    medium.arrange(offsetBytes, blocks(), format.blockBytes(), 0);
  }

  /** All of {@code medium}, whose capacity must be a multiple of a block. */
  public static Namespace whole(int id, Medium medium, LbaFormat format) {
    return new Namespace(id, medium, 0, medium.capacityBytes(), format);
  }

  int id() {
    return id;
  }

  Medium medium() {
    return medium;
  }

  LbaFormat format() {
    return format;
  }

  long blocks() {
    return capacityBytes >>> format.blockShift();
  }

  long capacityBytes() {
    return capacityBytes;
  }

  /** Where {@code lba} starts on the medium. */
  long mediumOffset(long lba) {
    return offsetBytes + (lba << format.blockShift());
  }

  /** Why commands that read blocks, or change them, are refused now, or Success. */
  int refusal(boolean changesBlocks) {
    return refusal;
  }

  void setRefusal(int status) {
    refusal = status;
  }

  /**
   * Makes all blocks unwritten, in another format or the same: no byte survives, and every block
   * reads as zeroes. What is zero is left alone.
   */
  void reformat(LbaFormat other) {
    format = other;
    medium.arrange(offsetBytes, blocks(), other.blockBytes(), 0);
    if (!medium.carriesBytes()) {
      return;
    }
    MemorySegment bytes = medium.segment();
    for (long done = 0; done < capacityBytes; done += ERASED_AT_A_TIME) {
      long at = offsetBytes + done;
      long end = at + Math.min(ERASED_AT_A_TIME, capacityBytes - done);
      if (MemorySegment.mismatch(bytes, at, end, ZEROES, 0, end - at) >= 0) {
        medium.beforeWrite(at, end - at);
        bytes.asSlice(at, end - at).fill((byte) 0);
        medium.persist(at, end - at);
      }
    }
  }

  /** Lets every block hold a pattern of 4 bytes. */
  void overwrite(int pattern) {
    if (!medium.carriesBytes()) {
      return;
    }
    MemorySegment bytes = medium.segment();
    medium.beforeWrite(offsetBytes, capacityBytes);
    for (long at = offsetBytes; at < offsetBytes + capacityBytes; at += Integer.BYTES) {
      bytes.set(SubmissionEntry.INT, at, pattern);
    }
    medium.persist(offsetBytes, capacityBytes);
  }
}
