package inlinecrypt;

/**
 * What a key is for: its mode, its data unit size, how wide its data unit numbers get, and what its
 * bytes are. A device supports a configuration or does not; see {@link
 * inlinecrypt.keyslot.CryptoProfile#supports}.
 *
 * <p>Source: {@code struct blk_crypto_config}; the rules are those of {@code blk_crypto_init_key},
 * whose EINVAL is an {@link IllegalArgumentException} here.
 *
 * @param dataUnitSizeBytes a power of two
 * @param dunBytes bytes that the largest data unit number needs, from 1 to the mode's IV size
 * @param allowHardware whether a device's own engine may do the work ({@code
 *     BLK_CRYPTO_CFG_ALLOW_HW}); else the software fallback does, whatever the device can
 */
public record CryptoConfig(
    CryptoMode mode, int dataUnitSizeBytes, int dunBytes, KeyType keyType, boolean allowHardware) {
  public CryptoConfig {
    if (keyType == KeyType.HARDWARE_WRAPPED && !allowHardware) {
      throw new IllegalArgumentException("a hardware-wrapped key needs allowHardware");
    }
    if (dunBytes < 1 || dunBytes > mode.ivBytes()) {
      throw new IllegalArgumentException(
          "dunBytes must be from 1 to " + mode.ivBytes() + " for " + mode + ", is " + dunBytes);
    }
    if (Integer.bitCount(dataUnitSizeBytes) != 1 || dataUnitSizeBytes < 0) {
      throw new IllegalArgumentException(
          "dataUnitSizeBytes must be a power of two, is " + dataUnitSizeBytes);
    }
  }

  /** The configuration of a raw key that hardware may use. */
  public CryptoConfig(CryptoMode mode, int dataUnitSizeBytes, int dunBytes) {
    this(mode, dataUnitSizeBytes, dunBytes, KeyType.RAW, true);
  }

  public CryptoConfig withKeyType(KeyType other) {
    return new CryptoConfig(mode, dataUnitSizeBytes, dunBytes, other, allowHardware);
  }

  public CryptoConfig withAllowHardware(boolean other) {
    return new CryptoConfig(mode, dataUnitSizeBytes, dunBytes, keyType, other);
  }

  /** Base-2 logarithm of the data unit size. */
  public int dataUnitShift() {
    return Integer.numberOfTrailingZeros(dataUnitSizeBytes);
  }
}
