package inlinecrypt.reference;

/** A keyed block cipher on blocks of 16 bytes, in place. Not thread-safe. */
interface BlockCipher {
  int BLOCK_BYTES = 16;

  void encrypt(byte[] block);

  void decrypt(byte[] block);

  /** Wipes the key schedule and the last state. */
  void wipe();
}
