package blockdev.fs;

/**
 * The blocks of the device that hold metadata, and how they are divided: one checkpoint block, the
 * journal, a table of the image's checksums, and the image.
 *
 * <p>The journal is at least as large as the image and a record's header, so that any commit fits
 * an empty journal.
 *
 * @param firstBlock a filesystem block of the device
 * @param blockCount all blocks of the region, at least {@link #MIN_BLOCKS}
 */
record MetadataRegion(long firstBlock, int blockCount) {
  static final int MIN_BLOCKS = 128;

  /** Checksums in one block of the table. */
  static final int CHECKSUMS_PER_BLOCK = MetadataDevice.BLOCK_BYTES / Integer.BYTES;

  /**
   * Blocks that are neither image nor grow with it: checkpoint and rounding of header and table.
   */
  private static final int FIXED_BLOCKS = 4;

  MetadataRegion {
    if (firstBlock < 0) {
      throw new IllegalArgumentException("firstBlock must not be negative, is " + firstBlock);
    }
    if (blockCount < MIN_BLOCKS) {
      throw new IllegalArgumentException(
          "a metadata region takes at least " + MIN_BLOCKS + " blocks, not " + blockCount);
    }
  }

  long checkpointBlock() {
    return firstBlock;
  }

  long journalFirstBlock() {
    return firstBlock + 1;
  }

  int journalBlocks() {
    return blockCount - 1 - checksumBlocks() - imageBlocks();
  }

  long checksumFirstBlock() {
    return journalFirstBlock() + journalBlocks();
  }

  int checksumBlocks() {
    return Math.ceilDiv(imageBlocks(), CHECKSUMS_PER_BLOCK);
  }

  long imageFirstBlock() {
    return checksumFirstBlock() + checksumBlocks();
  }

  /** Each image block takes itself, its place in the journal, and one entry in two tables. */
  int imageBlocks() {
    long perTable = CHECKSUMS_PER_BLOCK;
    return (int) ((blockCount - FIXED_BLOCKS) * perTable / (2 * perTable + 2));
  }
}
