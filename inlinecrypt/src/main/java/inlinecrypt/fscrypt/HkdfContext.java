package inlinecrypt.fscrypt;

/**
 * What a key is derived for: the byte that keeps derivations from one master key apart ({@code
 * HKDF_CONTEXT_*} in {@code fs/crypto/fscrypt_private.h}).
 */
public enum HkdfContext {
  /** The identifier of a raw master key; no info, 16 bytes. */
  KEY_IDENTIFIER(1),
  /** The key of one inode; info is the inode's nonce. */
  PER_FILE_KEY(2),
  /** The key of one extent; info is the extent's nonce. Out of tree, series v6 and v7. */
  PER_EXTENT_KEY(9);

  private final int number;

  HkdfContext(int number) {
    this.number = number;
  }

  /** The context byte. */
  public int number() {
    return number;
  }
}
