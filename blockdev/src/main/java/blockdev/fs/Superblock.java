package blockdev.fs;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Block 0 of the device with the metadata: what the filesystem is and where its parts lie.
 * Little-endian:
 *
 * <pre>
 *  0 magic "ICRYPTFS" | 8 version 1 (4) | 12 strategy (4) | 16 blocks of the device (8)
 * 24 metadata: first block (8) | 32 metadata: blocks (4) | 36 blocks of the largest extent (4)
 * 40 mount generation (8) | 48 contents crypto (4) | 52 metadata apart: 0 or 1 (4) | zeros
 * 4092 CRC-32C of bytes 0 to 4091 (4)
 * </pre>
 *
 * @param deviceBlocks of the device with the contents of files
 * @param metadataApart whether that is another than the one with the metadata
 * @param mountGeneration how often the filesystem was mounted; rewritten, as one block, by each
 */
record Superblock(
    StrategyKind strategy,
    ContentsCrypto contentsCrypto,
    long deviceBlocks,
    MetadataRegion metadata,
    int maxExtentBlocks,
    boolean metadataApart,
    long mountGeneration) {
  static final int BLOCK_BYTES = 4096;

  private static final long MAGIC = 0x5346_5450_5952_4349L; // "ICRYPTFS"
  private static final int VERSION = 1;
  private static final int CHECKED_BYTES = BLOCK_BYTES - Integer.BYTES;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** One metadata block for each 8 of the device, but not more than 1 GiB. */
  private static final int METADATA_SHARE = 8;

  private static final int MIN_METADATA_BLOCKS = 256;
  private static final int MAX_METADATA_BLOCKS = 1 << 18;

  /** The smallest device: half of it is metadata. */
  static final int MIN_DEVICE_BLOCKS = 2 * MIN_METADATA_BLOCKS;

  /** The superblock of a new filesystem on {@code volume}. */
  static Superblock of(FormatOptions options, Volume volume) {
    return volume.hasMetadataApart()
        ? of(options, Volume.blocks(volume.contents()), Volume.blocks(volume.metadata()))
        : of(options, Volume.blocks(volume.contents()));
  }

  /** The superblock of a new filesystem on a device of {@code deviceBlocks} blocks. */
  static Superblock of(FormatOptions options, long deviceBlocks) {
    if (deviceBlocks < MIN_DEVICE_BLOCKS) {
      throw tooSmall("a filesystem", MIN_DEVICE_BLOCKS, deviceBlocks);
    }
    long share = deviceBlocks / METADATA_SHARE;
    int blocks = (int) Math.clamp(share, MIN_METADATA_BLOCKS, MAX_METADATA_BLOCKS);
    return of(options, deviceBlocks, new MetadataRegion(1, blocks), false);
  }

  /** The same with metadata on another device, which they fill. */
  private static Superblock of(FormatOptions options, long deviceBlocks, long metadataBlocks) {
    if (metadataBlocks <= MIN_METADATA_BLOCKS) {
      throw tooSmall("metadata", MIN_METADATA_BLOCKS + 1, metadataBlocks);
    }
    int blocks = (int) Math.min(metadataBlocks - 1, MAX_METADATA_BLOCKS);
    return of(options, deviceBlocks, new MetadataRegion(1, blocks), true);
  }

  private static Superblock of(
      FormatOptions options, long deviceBlocks, MetadataRegion metadata, boolean metadataApart) {
    return new Superblock(
        options.strategy(),
        options.contentsCrypto(),
        deviceBlocks,
        metadata,
        (int) (options.maxExtentBytes() / BLOCK_BYTES),
        metadataApart,
        0);
  }

  private static FsException tooSmall(String what, long leastBlocks, long deviceBlocks) {
    return new FsException(
        Errno.ENOSPC,
        what
            + " needs at least "
            + leastBlocks * BLOCK_BYTES
            + " bytes, the device has "
            + deviceBlocks * BLOCK_BYTES);
  }

  Superblock nextMount() {
    return new Superblock(
        strategy,
        contentsCrypto,
        deviceBlocks,
        metadata,
        maxExtentBlocks,
        metadataApart,
        mountGeneration + 1);
  }

  /** First block that can hold data; what is before on that device is superblock and metadata. */
  long firstDataBlock() {
    return metadataApart ? 0 : metadata.firstBlock() + metadata.blockCount();
  }

  /** Reads the superblock of the filesystem that should be on {@code volume}. */
  static Superblock read(Volume volume, IoBatch.Pool io) {
    try (BouncePages page = new BouncePages(volume.metadata().memory(), 1)) {
      transfer(io, BioOp.READ, page);
      return read(page.segment(), Volume.blocks(volume.contents()), volume.hasMetadataApart());
    }
  }

  /** Writes it, durably when the call returns. */
  void write(Volume volume, IoBatch.Pool io) {
    try (BouncePages page = new BouncePages(volume.metadata().memory(), 1)) {
      write(page.segment());
      transfer(io, BioOp.WRITE, page);
    }
  }

  private static void transfer(IoBatch.Pool io, BioOp op, BouncePages page) {
    IoBatch batch = io.begin();
    Bio bio = batch.bio(op, 0);
    if (op == BioOp.WRITE) {
      bio.forceUnitAccess();
    }
    page.addTo(bio, 0, 1);
    batch.submit(bio);
    batch.await();
  }

  void write(MemorySegment block) {
    block.fill((byte) 0);
    block.set(LONG, 0, MAGIC);
    block.set(INT, 8, VERSION);
    block.set(INT, 12, strategy.number());
    block.set(LONG, 16, deviceBlocks);
    block.set(LONG, 24, metadata.firstBlock());
    block.set(INT, 32, metadata.blockCount());
    block.set(INT, 36, maxExtentBlocks);
    block.set(LONG, 40, mountGeneration);
    block.set(INT, 48, contentsCrypto.number());
    block.set(INT, 52, metadataApart ? 1 : 0);
    block.set(INT, CHECKED_BYTES, checksum(block));
  }

  /**
   * @param deviceBlocks what the device with the contents has now
   * @param metadataApart whether the metadata is on another
   * @throws FsException EUCLEAN if the block holds no filesystem of ours, or a damaged one
   */
  static Superblock read(MemorySegment block, long deviceBlocks, boolean metadataApart) {
    if (block.get(LONG, 0) != MAGIC) {
      throw damaged("block 0 holds no filesystem of this program");
    }
    if (block.get(INT, CHECKED_BYTES) != checksum(block)) {
      throw damaged("the superblock (block 0) is damaged: its checksum does not fit");
    }
    if (block.get(INT, 8) != VERSION) {
      throw damaged("the superblock has version " + block.get(INT, 8) + ", this program knows 1");
    }
    long blocks = block.get(LONG, 16);
    if (blocks != deviceBlocks) {
      throw damaged(
          "the filesystem has "
              + blocks
              + " blocks and its device "
              + deviceBlocks
              + ": the image was truncated or extended");
    }
    if (block.get(INT, 52) != (metadataApart ? 1 : 0)) {
      throw damaged(
          metadataApart
              ? "the filesystem has its metadata on the device of its contents"
              : "the filesystem has its metadata on a device of its own");
    }
    if (block.get(INT, 48) != ContentsCrypto.DEVICE.number()) {
      throw damaged("the superblock names contents crypto " + block.get(INT, 48));
    }
    for (StrategyKind kind : StrategyKind.values()) {
      if (kind.number() == block.get(INT, 12)) {
        return new Superblock(
            kind,
            ContentsCrypto.DEVICE,
            blocks,
            new MetadataRegion(block.get(LONG, 24), block.get(INT, 32)),
            block.get(INT, 36),
            metadataApart,
            block.get(LONG, 40));
      }
    }
    throw damaged("the superblock names strategy " + block.get(INT, 12));
  }

  private static FsException damaged(String message) {
    return new FsException(Errno.EUCLEAN, message);
  }

  private static int checksum(MemorySegment block) {
    CRC32C crc = new CRC32C();
    crc.update(block.asSlice(0, CHECKED_BYTES).toArray(ValueLayout.JAVA_BYTE));
    return (int) crc.getValue();
  }
}
