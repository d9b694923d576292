package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.Scratch;

/** A block cipher of Bouncy Castle for the constructions of {@code mode}, block by block (ECB). */
final class BouncyCastleEcb implements BlockCipher {
  private final int keyBytes;
  private final org.bouncycastle.crypto.BlockCipher encrypting;
  private final org.bouncycastle.crypto.BlockCipher decrypting;

  /** The caller wipes the key. */
  BouncyCastleEcb(BouncyCastleBlocks blocks, byte[] key) {
    keyBytes = key.length;
    encrypting = blocks.encrypting(key, 0, keyBytes);
    decrypting = blocks.decrypting(key, 0, keyBytes);
  }

  @Override
  public void encrypt(Scratch blocks, int lengthBytes) {
    transform(encrypting, blocks.bytes(), lengthBytes);
  }

  @Override
  public void decrypt(Scratch blocks, int lengthBytes) {
    transform(decrypting, blocks.bytes(), lengthBytes);
  }

  /** Allocates: Bouncy Castle makes a new key schedule. */
  @Override
  public void rekeyEncryption(Scratch keys, int offset) {
    BouncyCastleBlocks.rekey(encrypting, true, keys.bytes(), offset, keyBytes);
  }

  @Override
  public void close() {
    BouncyCastleBlocks.wipe(encrypting);
    BouncyCastleBlocks.wipe(decrypting);
  }

  private static void transform(
      org.bouncycastle.crypto.BlockCipher cipher, byte[] bytes, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      cipher.processBlock(bytes, at, bytes, at);
    }
  }
}
