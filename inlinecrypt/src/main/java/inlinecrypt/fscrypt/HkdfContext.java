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
  /** The DIRECT_KEY key of a mode; info is the mode's number. */
  DIRECT_KEY(3),
  /** The IV_INO_LBLK_64 key of a mode; info is the mode's number and the filesystem's UUID. */
  IV_INO_LBLK_64_KEY(4),
  /** The SipHash key for the names of a casefolded directory; info is its nonce, 16 bytes. */
  DIRHASH_KEY(5),
  /** The IV_INO_LBLK_32 key of a mode; info is the mode's number and the filesystem's UUID. */
  IV_INO_LBLK_32_KEY(6),
  /** The SipHash key for the inode numbers of IV_INO_LBLK_32; no info, 16 bytes. */
  INODE_HASH_KEY(7),
  /** The identifier of a hardware-wrapped key, from its software secret; no info, 16 bytes. */
  WRAPPED_KEY_IDENTIFIER(8),
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
