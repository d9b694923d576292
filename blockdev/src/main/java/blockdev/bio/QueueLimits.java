package blockdev.bio;

/**
 * What a device takes in one request.
 *
 * <p>One limit is the same for every queue: inside a request all segments but the first start, and
 * all but the last end, on a border of {@link #VIRT_BOUNDARY_BYTES}, as NVMe's PRP lists need it. A
 * device sees segments page by page, so that none is longer for it than 4096 bytes.
 *
 * @param logicalBlockBytes 512 or 4096 on a drive; a layer may also have 1024 or 2048
 * @param maxBytes a multiple of the logical block
 * @param maxSegments at least 1
 * @param dmaAlignmentBytes a power of two: where memory may start, of bios that are not in one page
 * @param maxDiscardSectors 512 bytes each, whole logical blocks; 0 if the device has no discard. It
 *     discards every logical block that it is told, so that is the granularity
 * @param maxWriteZeroesSectors likewise; 0 if the device does not write zeroes by itself
 * @param hasIntegrity whether blocks have metadata beside their data ({@code struct
 *     blk_integrity}): such a queue has no inline encryption
 */
public record QueueLimits(
    int logicalBlockBytes,
    int maxBytes,
    int maxSegments,
    int dmaAlignmentBytes,
    int maxDiscardSectors,
    int maxWriteZeroesSectors,
    boolean hasIntegrity) {
  public static final int SECTOR_BYTES = 512;
  public static final int SECTOR_SHIFT = 9;

  /** What memory is aligned to for NVMe devices, and most others. */
  public static final int DMA_ALIGNMENT_BYTES = 4;

  public static final int VIRT_BOUNDARY_BYTES = 4096;

  public QueueLimits {
    if (Integer.bitCount(logicalBlockBytes) != 1
        || logicalBlockBytes < SECTOR_BYTES
        || logicalBlockBytes > VIRT_BOUNDARY_BYTES) {
      throw new IllegalArgumentException(
          "logicalBlockBytes must be a power of two from 512 to 4096, is " + logicalBlockBytes);
    }
    if (maxBytes < VIRT_BOUNDARY_BYTES || maxBytes % logicalBlockBytes != 0) {
      throw new IllegalArgumentException(
          "maxBytes must be a multiple of the block and at least 4096, is " + maxBytes);
    }
    if (maxSegments < 1) {
      throw new IllegalArgumentException("maxSegments must be at least 1, is " + maxSegments);
    }
    if (Integer.bitCount(dmaAlignmentBytes) != 1 || dmaAlignmentBytes < 0) {
      throw new IllegalArgumentException(
          "dmaAlignmentBytes must be a power of two, is " + dmaAlignmentBytes);
    }
    int blockSectors = logicalBlockBytes >>> SECTOR_SHIFT;
    if (maxDiscardSectors < 0
        || maxWriteZeroesSectors < 0
        || maxDiscardSectors % blockSectors != 0
        || maxWriteZeroesSectors % blockSectors != 0) {
      throw new IllegalArgumentException(
          "ranges must be whole blocks, are "
              + maxDiscardSectors
              + " and "
              + maxWriteZeroesSectors
              + " sectors");
    }
  }

  /** Of a device that takes no ranges without data, and has no integrity. */
  public QueueLimits(int logicalBlockBytes, int maxBytes, int maxSegments, int dmaAlignmentBytes) {
    this(logicalBlockBytes, maxBytes, maxSegments, dmaAlignmentBytes, 0, 0, false);
  }

  /** With memory aligned to {@link #DMA_ALIGNMENT_BYTES}. */
  public QueueLimits(int logicalBlockBytes, int maxBytes, int maxSegments) {
    this(logicalBlockBytes, maxBytes, maxSegments, DMA_ALIGNMENT_BYTES);
  }

  /** The same with ranges without data, in sectors of 512 bytes. */
  public QueueLimits withRanges(int maxDiscardSectors, int maxWriteZeroesSectors) {
    return new QueueLimits(
        logicalBlockBytes,
        maxBytes,
        maxSegments,
        dmaAlignmentBytes,
        maxDiscardSectors,
        maxWriteZeroesSectors,
        hasIntegrity);
  }

  /** The same with metadata beside the data of blocks, or without. */
  public QueueLimits withIntegrity(boolean has) {
    return new QueueLimits(
        logicalBlockBytes,
        maxBytes,
        maxSegments,
        dmaAlignmentBytes,
        maxDiscardSectors,
        maxWriteZeroesSectors,
        has);
  }

  /**
   * The most sectors of a range without data that one request has; 0 if there is no such operation.
   * No device erases securely.
   */
  public int maxRangeSectors(BioOp op) {
    return switch (op) {
      case DISCARD -> maxDiscardSectors;
      case WRITE_ZEROES -> maxWriteZeroesSectors;
      case SECURE_ERASE -> 0;
      case READ, WRITE, FLUSH -> throw new IllegalArgumentException(op + " has no range");
    };
  }

  /** Whether a segment ending at {@code endOffset} and one starting at {@code startOffset} gap. */
  public static boolean hasGap(long endOffset, long startOffset) {
    return ((endOffset | startOffset) & (VIRT_BOUNDARY_BYTES - 1)) != 0;
  }
}
