package inlinecrypt.fscrypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;

/**
 * The encryption modes of fscrypt with their numbers ({@code FSCRYPT_MODE_*}). Which of them a
 * policy may pair is the policy's matter.
 */
public enum FscryptMode {
  /** For contents. */
  AES_256_XTS(1, CryptoMode.AES_256_XTS),
  /** For names. Policies store it, but no name is encrypted yet. */
  AES_256_CBC_CTS(4, CryptoMode.AES_256_CBC_CTS),
  /** For contents. */
  AES_128_CBC_ESSIV(5, CryptoMode.AES_128_CBC_ESSIV),
  /** For names. */
  AES_128_CBC_CTS(6, CryptoMode.AES_128_CBC_CTS),
  /** For contents. */
  SM4_XTS(7, CryptoMode.SM4_XTS),
  /** For names. */
  SM4_CBC_CTS(8, CryptoMode.SM4_CBC_CTS),
  /** For contents and names. */
  ADIANTUM(9, CryptoMode.ADIANTUM),
  /** For names. */
  AES_256_HCTR2(10, CryptoMode.AES_256_HCTR2);

  private final int number;
  private final CryptoMode cryptoMode;

  FscryptMode(int number, CryptoMode cryptoMode) {
    this.number = number;
    this.cryptoMode = cryptoMode;
  }

  /** The number in policies and contexts, and in the derivation of keys that a mode shares. */
  public int number() {
    return number;
  }

  public CryptoMode cryptoMode() {
    return cryptoMode;
  }

  /**
   * The mode with a number.
   *
   * @throws FscryptException EINVAL if it is none of these
   */
  public static FscryptMode of(int number) {
    for (FscryptMode mode : values()) {
      if (mode.number == number) {
        return mode;
      }
    }
    throw new FscryptException(
        Errno.EINVAL, "encryption mode " + number + " is invalid or not supported");
  }
}
