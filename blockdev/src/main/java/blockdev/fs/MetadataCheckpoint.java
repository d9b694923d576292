package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What the device holds in place: the checkpoint block, which says how many commits are there and
 * how long the image was; the image; and a CRC-32C of each of its blocks, because MVStore checks
 * headers of pages but not what is in them.
 *
 * <p>A power cut between {@link #writeInPlace} and {@link #finish} mixes old and new. The journal
 * still holds every block concerned, so replay makes it whole.
 */
final class MetadataCheckpoint {
  private static final long MAGIC = 0x7470_6B63_7465_6D69L; // "imetckpt"
  private static final int VERSION = 1;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long MAGIC_AT = 0;
  private static final long VERSION_AT = 8;
  private static final long REGION_BLOCKS_AT = 12;
  private static final long SEQUENCE_AT = 16;
  private static final long IMAGE_LENGTH_AT = 24;
  private static final long CHECKSUM_AT = 32;

  private final MetadataDevice device;
  private final MetadataRegion region;
  private final CRC32C crc = new CRC32C();
  private final MemorySegment block = Arena.ofAuto().allocate(BLOCK_BYTES, BLOCK_BYTES);
  private final MemorySegment checksums; // one per block of the image

  private long sequence;
  private long imageLengthBytes;

  MetadataCheckpoint(MetadataDevice device, MetadataRegion region) {
    this.device = device;
    this.region = region;
    this.checksums =
        Arena.ofAuto().allocate((long) region.checksumBlocks() * BLOCK_BYTES, BLOCK_BYTES);
  }

  /** The number of the last commit that is in place. */
  long sequence() {
    return sequence;
  }

  long imageLengthBytes() {
    return imageLengthBytes;
  }

  /**
   * Reads the checkpoint block and the checksums.
   *
   * @throws MetadataCorruptException if the block is no checkpoint of this region
   */
  void read() throws IOException {
    device.read(region.checkpointBlock(), 1, block);
    if (block.get(LONG, MAGIC_AT) != MAGIC) {
      throw new MetadataCorruptException(
          "block " + region.checkpointBlock() + " is no checkpoint of a metadata region");
    }
    int stored = block.get(INT, CHECKSUM_AT);
    block.set(INT, CHECKSUM_AT, 0);
    if (stored != checksum(block)) {
      throw new MetadataCorruptException(
          "the metadata checkpoint at block " + region.checkpointBlock() + " is damaged");
    }
    int version = block.get(INT, VERSION_AT);
    int regionBlocks = block.get(INT, REGION_BLOCKS_AT);
    if (version != VERSION || regionBlocks != region.blockCount()) {
      throw new MetadataCorruptException(
          "the metadata region has format "
              + version
              + " and "
              + regionBlocks
              + " blocks, not format "
              + VERSION
              + " and "
              + region.blockCount());
    }
    sequence = block.get(LONG, SEQUENCE_AT);
    imageLengthBytes = block.get(LONG, IMAGE_LENGTH_AT);
    device.read(region.checksumFirstBlock(), region.checksumBlocks(), checksums);
  }

  /** Takes the checksum of what {@code imageBlock} will hold at the next checkpoint. */
  void note(int imageBlock, MemorySegment content) {
    checksums.set(INT, (long) imageBlock * Integer.BYTES, checksum(content));
  }

  /**
   * Compares a block read from its place with its checksum.
   *
   * @throws MetadataCorruptException if they differ
   */
  void verify(int imageBlock, MemorySegment content) throws IOException {
    if (checksums.get(INT, (long) imageBlock * Integer.BYTES) != checksum(content)) {
      throw new MetadataCorruptException(
          "metadata block "
              + (region.imageFirstBlock() + imageBlock)
              + " (image block "
              + imageBlock
              + ") does not match its checksum");
    }
  }

  /**
   * Makes this the checkpoint of no commit, in which nothing can be found until {@link #finish}.
   */
  void erase() throws IOException {
    block.fill((byte) 0);
    device.write(region.checkpointBlock(), 1, block, true);
  }

  void readInPlace(int imageBlock, int blockCount, MemorySegment target) throws IOException {
    device.read(region.imageFirstBlock() + imageBlock, blockCount, target);
  }

  /** Writes blocks to their places, with no promise when they get there. */
  void writeInPlace(int imageBlock, int blockCount, MemorySegment source) throws IOException {
    device.write(region.imageFirstBlock() + imageBlock, blockCount, source, false);
  }

  /** Writes the block of the table that holds the checksum of {@code imageBlock}. */
  void writeChecksumsOf(int imageBlock) throws IOException {
    int tableBlock = imageBlock / MetadataRegion.CHECKSUMS_PER_BLOCK;
    device.write(
        region.checksumFirstBlock() + tableBlock,
        1,
        checksums.asSlice((long) tableBlock * BLOCK_BYTES, BLOCK_BYTES),
        false);
  }

  /** Makes everything written durable, and then says that commit {@code sequence} is in place. */
  void finish(long sequence, long imageLengthBytes) throws IOException {
    device.flush();
    block.fill((byte) 0);
    block.set(LONG, MAGIC_AT, MAGIC);
    block.set(INT, VERSION_AT, VERSION);
    block.set(INT, REGION_BLOCKS_AT, region.blockCount());
    block.set(LONG, SEQUENCE_AT, sequence);
    block.set(LONG, IMAGE_LENGTH_AT, imageLengthBytes);
    block.set(INT, CHECKSUM_AT, checksum(block));
    device.write(region.checkpointBlock(), 1, block, true);
    this.sequence = sequence;
    this.imageLengthBytes = imageLengthBytes;
  }

  private int checksum(MemorySegment content) {
    crc.reset();
    crc.update(content.asByteBuffer());
    return (int) crc.getValue();
  }
}
