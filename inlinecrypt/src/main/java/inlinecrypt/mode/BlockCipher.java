package inlinecrypt.mode;

/** A keyed block cipher of 16-byte blocks, block by block (ECB). Not thread-safe. */
public interface BlockCipher {
  /** Encrypts the first {@code lengthBytes} bytes, a multiple of 16, in place. */
  void encrypt(Scratch blocks, int lengthBytes);

  /** Decrypts the first {@code lengthBytes} bytes, a multiple of 16, in place. */
  void decrypt(Scratch blocks, int lengthBytes);

  /**
   * Encrypts with another key of the same length, from {@code offset} on; there is no decrypting
   * any more.
   */
  void rekeyEncryption(Scratch keys, int offset);

  /** Wipes the key. */
  void close();
}
