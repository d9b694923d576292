package inlinecrypt;

/**
 * What a key is for: its mode, its data unit size, and how wide its data unit numbers get. A device
 * supports a configuration or does not; see {@link inlinecrypt.keyslot.CryptoProfile#supports}.
 *
 * <p>Source: {@code struct blk_crypto_config}; the rules are those of {@code blk_crypto_init_key}.
 *
 * @param dataUnitSizeBytes a power of two
 * @param dunBytes bytes that the largest data unit number needs, from 1 to the mode's IV size
 */
public record CryptoConfig(CryptoMode mode, int dataUnitSizeBytes, int dunBytes) {
  public CryptoConfig {
    if (dunBytes < 1 || dunBytes > mode.ivBytes()) {
      throw new IllegalArgumentException(
          "dunBytes must be from 1 to " + mode.ivBytes() + " for " + mode + ", is " + dunBytes);
    }
    if (Integer.bitCount(dataUnitSizeBytes) != 1 || dataUnitSizeBytes < 0) {
      throw new IllegalArgumentException(
          "dataUnitSizeBytes must be a power of two, is " + dataUnitSizeBytes);
    }
  }

  /** Base-2 logarithm of the data unit size. */
  public int dataUnitShift() {
    return Integer.numberOfTrailingZeros(dataUnitSizeBytes);
  }
}
