package blockdev.queue.layer;

import blockdev.bio.QueueLimits;
import inlinecrypt.KeyType;

/**
 * How an {@link InlineCryptTarget} encrypts.
 *
 * @param ivOffset added to the sectors of the target, in sectors of 512 bytes, unsigned
 * @param sectorBytes the data unit: a power of two from 512 to 4096. Data units count from 0 in
 *     units of this size, as dm-crypt's do with {@code iv_large_sectors}
 * @param allowsDiscards whether discards reach the device, where they tell what is not in use
 */
public record InlineCryptOptions(
    long ivOffset, int sectorBytes, KeyType keyType, boolean allowsDiscards) {
  /** Sectors of 512 bytes counted from 0, a raw key, no discards. */
  public static final InlineCryptOptions DEFAULT =
      new InlineCryptOptions(0, QueueLimits.SECTOR_BYTES, KeyType.RAW, false);

  public InlineCryptOptions {
    if (Integer.bitCount(sectorBytes) != 1
        || sectorBytes < QueueLimits.SECTOR_BYTES
        || sectorBytes > QueueLimits.VIRT_BOUNDARY_BYTES) {
      throw new IllegalArgumentException(
          "sectorBytes must be a power of two from 512 to 4096, is " + sectorBytes);
    }
    long unitSectors = sectorBytes >>> QueueLimits.SECTOR_SHIFT;
    if ((ivOffset & (unitSectors - 1)) != 0) {
      throw new IllegalArgumentException(
          "ivOffset must be a multiple of "
              + unitSectors
              + " sectors, is "
              + Long.toUnsignedString(ivOffset));
    }
  }

  public InlineCryptOptions withIvOffset(long other) {
    return new InlineCryptOptions(other, sectorBytes, keyType, allowsDiscards);
  }

  public InlineCryptOptions withSectorBytes(int other) {
    return new InlineCryptOptions(ivOffset, other, keyType, allowsDiscards);
  }

  public InlineCryptOptions withKeyType(KeyType other) {
    return new InlineCryptOptions(ivOffset, sectorBytes, other, allowsDiscards);
  }

  public InlineCryptOptions withDiscards() {
    return new InlineCryptOptions(ivOffset, sectorBytes, keyType, true);
  }
}
