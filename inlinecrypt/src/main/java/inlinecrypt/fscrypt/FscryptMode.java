package inlinecrypt.fscrypt;

import inlinecrypt.Errno;

/** The encryption modes a policy may name, with their numbers ({@code FSCRYPT_MODE_*}). */
public enum FscryptMode {
  /** For contents. */
  AES_256_XTS(1),
  /** For names: AES-256-CBC with ciphertext stealing. Stored in policies, not applied yet. */
  AES_256_CBC_CTS(4);

  private final int number;

  FscryptMode(int number) {
    this.number = number;
  }

  /** The number in policies and contexts. */
  public int number() {
    return number;
  }

  /**
   * The mode with a number.
   *
   * @throws FscryptException EINVAL if it is none of these
   */
  static FscryptMode of(int number) {
    for (FscryptMode mode : values()) {
      if (mode.number == number) {
        return mode;
      }
    }
    throw new FscryptException(
        Errno.EINVAL, "encryption mode " + number + " is invalid or not supported");
  }
}
