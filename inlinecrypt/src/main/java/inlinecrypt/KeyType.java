package inlinecrypt;

/** What the bytes of a {@link CryptoKey} are ({@code enum blk_crypto_key_type}). */
public enum KeyType {
  /** The key itself. */
  RAW,
  /**
   * A blob that only the hardware can open, whose key software never sees. There is no software
   * fallback for it.
   */
  HARDWARE_WRAPPED
}
