package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * The journal of the metadata image: one record per commit, each durable when {@link #append}
 * returns, one after the other from the journal's first block. After a checkpoint it starts again
 * at the first block; older records are then told by their sequence numbers.
 *
 * <p>A record is a header, the list of image blocks (32 bits each, ascending), zeros to the end of
 * the block, and the blocks. All numbers are little-endian; the checksum is a CRC-32C of the whole
 * record with the checksum itself zero.
 *
 * <p>A record that is not whole is the end of the journal, as a power cut leaves it, unless a whole
 * later record follows: since a record is durable before the next is written, that is damage. A
 * damaged last record cannot be told from a torn one and is ignored.
 */
final class MetadataJournal {
  private static final long MAGIC = 0x6C6E_726A_7465_6D69L; // "imetjrnl"
  private static final int VERSION = 1;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Blocks read at once in the search for later records. */
  private static final int SCAN_BLOCKS = 256;

  private static final int NONE = -1;

  private static final long MAGIC_AT = 0;
  private static final long VERSION_AT = 8;
  private static final long COUNT_AT = 12;
  private static final long SEQUENCE_AT = 16;
  private static final long IMAGE_LENGTH_AT = 24;
  private static final long CHECKSUM_AT = 32;
  private static final long LIST_AT = 36;

  private final MetadataDevice device;
  private final MetadataRegion region;
  private final CRC32C crc = new CRC32C();

  private MemorySegment record = MemorySegment.NULL;
  private int nextBlock; // from the journal's first block
  private int tornBlock = NONE; // where the header of a record that is not whole was found

  MetadataJournal(MetadataDevice device, MetadataRegion region) {
    this.device = device;
    this.region = region;
  }

  /** Where replayed blocks go. */
  interface Replay {
    /** The image has {@code imageLengthBytes} bytes after the record whose blocks follow. */
    void begin(long sequence, long imageLengthBytes);

    /**
     * @param journalBlock where the block is in the journal, for {@link #read}
     */
    void block(int imageBlock, MemorySegment content, int journalBlock);
  }

  /** Whether a record of {@code blockCount} image blocks fits before the journal's end. */
  boolean fits(int blockCount) {
    return nextBlock + headerBlocks(blockCount) + blockCount <= region.journalBlocks();
  }

  /** Goes back to the first block: all records have become part of the image on the device. */
  void restart() {
    nextBlock = 0;
  }

  /**
   * Writes {@code blocks} of the image as one record, and returns when it is durable.
   *
   * @return the block of the journal that holds the first image block; the others follow in order
   */
  int append(long sequence, MetadataImage image, BitSet blocks) throws IOException {
    eraseTorn();
    int count = blocks.cardinality();
    int headerBlocks = headerBlocks(count);
    int recordBlocks = headerBlocks + count;
    MemorySegment written = recordOf(recordBlocks);
    written.asSlice(0, (long) headerBlocks * BLOCK_BYTES).fill((byte) 0);
    written.set(LONG, MAGIC_AT, MAGIC);
    written.set(INT, VERSION_AT, VERSION);
    written.set(INT, COUNT_AT, count);
    written.set(LONG, SEQUENCE_AT, sequence);
    written.set(LONG, IMAGE_LENGTH_AT, image.size());
    long listed = LIST_AT;
    long contentAt = (long) headerBlocks * BLOCK_BYTES;
    for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
      written.set(INT, listed, block);
      listed += Integer.BYTES;
      MemorySegment.copy(image.blocks(block, 1), 0, written, contentAt, BLOCK_BYTES);
      contentAt += BLOCK_BYTES;
    }
    written.set(INT, CHECKSUM_AT, checksum(written));
    device.write(region.journalFirstBlock() + nextBlock, recordBlocks, written, true);
    int firstContent = nextBlock + headerBlocks;
    nextBlock += recordBlocks;
    return firstContent;
  }

  /** Reads one block that {@link #append} or {@link #replay} has named. */
  void read(int journalBlock, MemorySegment target) throws IOException {
    device.read(region.journalFirstBlock() + journalBlock, 1, target);
  }

  /**
   * Hands on every whole record after {@code checkpointSequence}, in order, and stands ready to
   * append after the last.
   *
   * @return the sequence number of the last record, or {@code checkpointSequence}
   * @throws MetadataCorruptException if a whole later record follows a damaged one
   */
  long replay(long checkpointSequence, Replay replay) throws IOException {
    long sequence = checkpointSequence;
    restart();
    while (readRecord(nextBlock) && record.get(LONG, SEQUENCE_AT) == sequence + 1) {
      sequence++;
      int count = record.get(INT, COUNT_AT);
      int headerBlocks = headerBlocks(count);
      replay.begin(sequence, record.get(LONG, IMAGE_LENGTH_AT));
      for (int i = 0; i < count; i++) {
        int at = headerBlocks + i;
        replay.block(
            record.get(INT, LIST_AT + (long) i * Integer.BYTES),
            record.asSlice((long) at * BLOCK_BYTES, BLOCK_BYTES),
            nextBlock + at);
      }
      nextBlock += headerBlocks + count;
    }
    requireNothingLater(sequence);
    noteTorn(sequence + 1);
    return sequence;
  }

  private void noteTorn(long tornSequence) throws IOException {
    tornBlock = NONE;
    if (nextBlock < region.journalBlocks()) {
      MemorySegment first = recordOf(1);
      read(nextBlock, first);
      if (first.get(LONG, MAGIC_AT) == MAGIC && first.get(LONG, SEQUENCE_AT) == tornSequence) {
        tornBlock = nextBlock;
      }
    }
  }

  /**
   * Removes the header of a torn record. The next record has its sequence number and place, and
   * shares blocks with it: if that is torn too, its blocks could make the first one whole.
   */
  private void eraseTorn() throws IOException {
    if (tornBlock != NONE) {
      MemorySegment erased = recordOf(1).fill((byte) 0);
      device.write(region.journalFirstBlock() + tornBlock, 1, erased, true);
      tornBlock = NONE;
    }
  }

  private void requireNothingLater(long lastSequence) throws IOException {
    MemorySegment run = Arena.ofAuto().allocate((long) SCAN_BLOCKS * BLOCK_BYTES, BLOCK_BYTES);
    for (int block = nextBlock; block < region.journalBlocks(); block += SCAN_BLOCKS) {
      int count = Math.min(SCAN_BLOCKS, region.journalBlocks() - block);
      MemorySegment scanned = run.asSlice(0, (long) count * BLOCK_BYTES);
      device.read(region.journalFirstBlock() + block, count, scanned);
      for (int i = 0; i < count; i++) {
        long at = (long) i * BLOCK_BYTES;
        if (scanned.get(LONG, at + MAGIC_AT) == MAGIC
            && scanned.get(LONG, at + SEQUENCE_AT) > lastSequence
            && readRecord(block + i)) {
          throw new MetadataCorruptException(
              "metadata journal: record "
                  + (lastSequence + 1)
                  + " at block "
                  + (region.journalFirstBlock() + nextBlock)
                  + " is damaged, record "
                  + scanned.get(LONG, at + SEQUENCE_AT)
                  + " after it is not");
        }
      }
    }
  }

  /** Reads the record at {@code block} into {@link #record}; false if no whole one is there. */
  private boolean readRecord(int block) throws IOException {
    if (block >= region.journalBlocks()) {
      return false;
    }
    MemorySegment first = recordOf(1);
    device.read(region.journalFirstBlock() + block, 1, first);
    int count = first.get(INT, COUNT_AT);
    if (first.get(LONG, MAGIC_AT) != MAGIC
        || first.get(INT, VERSION_AT) != VERSION
        || count < 0
        || count > region.imageBlocks()) {
      return false;
    }
    int recordBlocks = headerBlocks(count) + count;
    if (block + recordBlocks > region.journalBlocks()) {
      return false;
    }
    MemorySegment whole = recordOf(recordBlocks);
    device.read(region.journalFirstBlock() + block, recordBlocks, whole);
    int stored = whole.get(INT, CHECKSUM_AT);
    whole.set(INT, CHECKSUM_AT, 0);
    return stored == checksum(whole) && namesImageBlocks(whole, count);
  }

  private boolean namesImageBlocks(MemorySegment whole, int count) {
    long imageLengthBytes = whole.get(LONG, IMAGE_LENGTH_AT);
    int imageBlocks = (int) (imageLengthBytes / BLOCK_BYTES);
    if (imageLengthBytes % BLOCK_BYTES != 0 || imageBlocks > region.imageBlocks()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int block = whole.get(INT, LIST_AT + (long) i * Integer.BYTES);
      if (block < 0 || block >= imageBlocks) {
        return false;
      }
    }
    return true;
  }

  private MemorySegment recordOf(int blockCount) {
    long lengthBytes = (long) blockCount * BLOCK_BYTES;
    if (record.byteSize() < lengthBytes) {
      record = Arena.ofAuto().allocate(Math.max(lengthBytes, 2 * record.byteSize()), BLOCK_BYTES);
    }
    return record.asSlice(0, lengthBytes);
  }

  private int checksum(MemorySegment whole) {
    crc.reset();
    crc.update(whole.asByteBuffer());
    return (int) crc.getValue();
  }

  private static int headerBlocks(int blockCount) {
    return (int) Math.ceilDiv(LIST_AT + (long) blockCount * Integer.BYTES, BLOCK_BYTES);
  }
}
