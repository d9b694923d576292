package inlinecrypt.fscrypt;

import inlinecrypt.CryptoConfig;

/**
 * What a filesystem tells fscrypt about itself.
 *
 * @param perExtent whether each extent has a contents key of its own; else each inode has one
 * @param blockSizeBytes a power of two
 * @param maxContentsBytes the most bytes under one contents key: of the largest extent if keys are
 *     per extent, of the largest file if not
 * @param allowHardware whether a device's own engine may encrypt contents
 */
public record FilesystemTraits(
    boolean perExtent, int blockSizeBytes, long maxContentsBytes, boolean allowHardware) {
  public FilesystemTraits {
    if (blockSizeBytes < 1 || Integer.bitCount(blockSizeBytes) != 1) {
      throw new IllegalArgumentException(
          "blockSizeBytes must be a power of two, is " + blockSizeBytes);
    }
    if (maxContentsBytes < 1) {
      throw new IllegalArgumentException(
          "maxContentsBytes must be at least 1, is " + maxContentsBytes);
    }
  }

  /** A filesystem whose contents hardware may encrypt. */
  public FilesystemTraits(boolean perExtent, int blockSizeBytes, long maxContentsBytes) {
    this(perExtent, blockSizeBytes, maxContentsBytes, true);
  }

  public FilesystemTraits withAllowHardware(boolean other) {
    return new FilesystemTraits(perExtent, blockSizeBytes, maxContentsBytes, other);
  }

  /**
   * How contents under {@code policy} are encrypted on this filesystem. Data unit numbers are as
   * wide as the last data unit of {@code maxContentsBytes} needs ({@code fscrypt_get_dun_bytes}).
   *
   * @throws FscryptException EINVAL if the policy's data unit is larger than a block
   */
  CryptoConfig contentsConfig(FscryptPolicy policy) {
    int dataUnitSizeBytes = policy.dataUnitSizeBytes(blockSizeBytes);
    int positionBits = Long.SIZE - Long.numberOfLeadingZeros(maxContentsBytes - 1);
    int dunBits = positionBits - Integer.numberOfTrailingZeros(dataUnitSizeBytes);
    int dunBytes = Math.max(1, Math.ceilDiv(dunBits, Byte.SIZE));
    return new CryptoConfig(policy.contentsCryptoMode(), dataUnitSizeBytes, dunBytes)
        .withAllowHardware(allowHardware);
  }
}
