package inlinecrypt;

/**
 * A cipher mode for data units, with the sizes Linux gives it ({@code blk_crypto_modes[]} in {@code
 * block/blk-crypto.c}).
 */
public enum CryptoMode {
  /**
   * XTS over AES-256 (IEEE Std 1619): first key half encrypts data, second half makes the tweak.
   */
  AES_256_XTS(1, "AES-256-XTS", 64, 32, 16);

  private final int linuxNumber;
  private final String linuxName;
  private final int keyBytes;
  private final int securityStrengthBytes;
  private final int ivBytes;

  CryptoMode(
      int linuxNumber, String linuxName, int keyBytes, int securityStrengthBytes, int ivBytes) {
    this.linuxNumber = linuxNumber;
    this.linuxName = linuxName;
    this.keyBytes = keyBytes;
    this.securityStrengthBytes = securityStrengthBytes;
    this.ivBytes = ivBytes;
  }

  /** The number of {@code enum blk_crypto_mode_num}. */
  public int linuxNumber() {
    return linuxNumber;
  }

  /** The name Linux shows in {@code /sys/block/…/queue/crypto/modes}. */
  public String linuxName() {
    return linuxName;
  }

  /** Bytes of a raw key. */
  public int keyBytes() {
    return keyBytes;
  }

  /** Bytes of secret that a key of this mode is worth: the least a master key may have. */
  public int securityStrengthBytes() {
    return securityStrengthBytes;
  }

  /** Bytes of the initialization vector; a data unit number may fill them all. */
  public int ivBytes() {
    return ivBytes;
  }

  @Override
  public String toString() {
    return linuxName;
  }
}
