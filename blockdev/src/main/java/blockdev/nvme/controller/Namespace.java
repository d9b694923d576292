package blockdev.nvme.controller;

import blockdev.media.BlockMarks;
import blockdev.media.Medium;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * Logical blocks on a part of a medium, and what is known of them beside their bytes: which are
 * deallocated or unwritten, and which were marked uncorrectable.
 *
 * <p>The data of all blocks lie one after the other. Behind them, where the format has metadata,
 * lie those of all blocks, one after the other; protection information among them rests inverted,
 * so that a medium of zeroes holds the tags of blocks that were never written, FFh in every byte,
 * which are not checked. Without metadata a namespace is its blocks and nothing else.
 *
 * <p>A namespace that is made on a medium finds all of its blocks written. After {@link #reformat}
 * all are unwritten; what is deallocated or unwritten is zeroes on the medium too. The marks are
 * the device's and do not outlive it; a loss of power takes them back together with the bytes.
 */
public final class Namespace implements BlockMarks {
  private static final int DEALLOCATED = 1;
  private static final int UNCORRECTABLE = 2;

  private final int id;
  private final Medium medium;
  private final long offsetBytes;
  private final long lengthBytes;
  private LbaFormat format;
  private int blockShift;
  private int metadataBytes;
  private long blocks;
  private BlockSet deallocated = new BlockSet(0);
  private BlockSet uncorrectable = new BlockSet(0);
  private boolean deallocatedIsError;
  private int refusal = NvmeStatus.SUCCESS;

  /**
   * @param id 1 or more
   * @param offsetBytes where it starts on the medium
   * @param lengthBytes what it has of the medium; what is too little for a block is not used
   */
  public Namespace(int id, Medium medium, long offsetBytes, long lengthBytes, LbaFormat format) {
    this.id = id;
    this.medium = medium;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    this.format = format;
    use(format);
  }

  /** All of {@code medium}, whose capacity must be a multiple of a block's data. */
  public static Namespace whole(int id, Medium medium, LbaFormat format) {
    long capacityBytes = medium.capacityBytes();
    if (capacityBytes % format.blockBytes() != 0) {
      throw new IllegalArgumentException(
          "the medium's " + capacityBytes + " bytes are no multiple of " + format.blockBytes());
    }
    return new Namespace(id, medium, 0, capacityBytes, format);
  }

  private void use(LbaFormat other) {
    if (other.hasProtection() && !medium.carriesBytes()) {
      throw new IllegalArgumentException(
          "protection information depends on data, and the medium carries no bytes");
    }
    format = other;
    blockShift = other.blockShift();
    metadataBytes = other.metadataBytes();
    blocks = lengthBytes / (other.blockBytes() + other.metadataBytes());
    deallocated = new BlockSet(blocks);
    uncorrectable = new BlockSet(blocks);
    medium.arrange(offsetBytes, blocks, other.blockBytes(), metadataBytes, this);
  }

  /**
   * Makes all blocks unwritten, durably and in another format. No command may be under way here.
   *
   * @throws IllegalArgumentException for a format whose contents matter, on a medium without bytes
   */
  void reformat(LbaFormat other) {
    use(other);
    medium.zero(offsetBytes, lengthBytes);
    deallocated.add(0, blocks);
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
    return blocks;
  }

  /** Whether there are all blocks of a range: LBA Out of Range, or Success. */
  int checkRange(long lba, long count) {
    return lba < 0 || lba > blocks - count ? NvmeStatus.LBA_OUT_OF_RANGE : NvmeStatus.SUCCESS;
  }

  int blockShift() {
    return blockShift;
  }

  /** Of each block. */
  int metadataBytes() {
    return metadataBytes;
  }

  /** Where the data of {@code lba} start on the medium. */
  long mediumOffset(long lba) {
    return offsetBytes + (lba << blockShift);
  }

  /** Where the metadata of {@code lba} start on the medium. */
  long metadataOffset(long lba) {
    return offsetBytes + (blocks << blockShift) + lba * metadataBytes;
  }

  /** Whether reads of deallocated blocks fail (feature 05h, DULBE). */
  void setDeallocatedIsError(boolean isError) {
    deallocatedIsError = isError;
  }

  /** Why commands that read blocks, or change them, are refused now, or success. */
  int refusal(boolean changesBlocks) {
    return refusal;
  }

  void setRefusal(int status) {
    refusal = status;
  }

  /** What it has of the medium. */
  long capacityBytes() {
    return lengthBytes;
  }

  /** Lets the data of every block hold a pattern of 4 bytes. */
  void overwrite(int pattern) {
    if (medium.carriesBytes()) {
      beforeWrite(0, blocks);
      MemorySegment bytes = medium.segment();
      for (long at = offsetBytes; at < mediumOffset(blocks); at += Integer.BYTES) {
        bytes.set(SubmissionEntry.INT, at, pattern);
      }
      persist(0, blocks);
    }
    written(0, blocks);
  }

  /** Whether all blocks are written and good, as far as anybody ever said otherwise. */
  boolean isPlain() {
    return deallocated.isUnused() && uncorrectable.isUnused();
  }

  /** The first block of a range that was marked uncorrectable, or −1. */
  long firstUncorrectable(long lba, long count) {
    return uncorrectable.next(lba, lba + count);
  }

  /** The first block of a range whose reading fails because it is deallocated, or −1. */
  long firstUnreadable(long lba, long count) {
    return deallocatedIsError ? deallocated.next(lba, lba + count) : -1;
  }

  /** Which blocks are deallocated or were never written. */
  BlockSet deallocated() {
    return deallocated;
  }

  /** Announces that blocks, or what is known of them, are about to change, to the medium. */
  void beforeWrite(long lba, long count) {
    medium.beforeWrite(mediumOffset(lba), count << blockShift);
  }

  /** Makes what was written to blocks so far durable. */
  void persist(long lba, long count) {
    medium.persist(mediumOffset(lba), count << blockShift);
  }

  /** Notes that blocks were written. */
  void written(long lba, long count) {
    if (!isPlain()) {
      deallocated.remove(lba, count);
      uncorrectable.remove(lba, count);
    }
  }

  /** Deallocates blocks: they read as zeroes, with whatever key. */
  void deallocate(long lba, long count) {
    beforeWrite(lba, count);
    medium.zero(mediumOffset(lba), count << blockShift);
    if (metadataBytes > 0) {
      medium.zero(metadataOffset(lba), count * metadataBytes);
    }
    uncorrectable.remove(lba, count);
    deallocated.add(lba, count);
  }

  /** Marks blocks: they cannot be read until they are written. */
  void markUncorrectable(long lba, long count) {
    beforeWrite(lba, count);
    deallocated.remove(lba, count);
    uncorrectable.add(lba, count);
  }

  @Override
  public int mark(long block) {
    if (deallocated.contains(block)) {
      return DEALLOCATED;
    }
    return uncorrectable.contains(block) ? UNCORRECTABLE : 0;
  }

  @Override
  public void restoreMark(long block, int mark) {
    written(block, 1);
    if (mark == DEALLOCATED) {
      deallocated.add(block, 1);
    } else if (mark == UNCORRECTABLE) {
      uncorrectable.add(block, 1);
    }
  }
}
