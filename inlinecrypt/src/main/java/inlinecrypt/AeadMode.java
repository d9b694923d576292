package inlinecrypt;

/** An authenticated mode: key of 32 bytes, nonce of 12, tag of 16. */
public enum AeadMode {
  /** NIST SP 800-38D. A nonce must never come twice under one key. */
  AES_256_GCM("AES-256-GCM"),
  /** RFC 8452. A nonce that comes twice only shows whether the messages were equal. */
  AES_256_GCM_SIV("AES-256-GCM-SIV");

  public static final int KEY_BYTES = 32;
  public static final int NONCE_BYTES = 12;
  public static final int TAG_BYTES = 16;

  private final String label;

  AeadMode(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
