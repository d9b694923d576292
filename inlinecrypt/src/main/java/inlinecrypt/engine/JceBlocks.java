package inlinecrypt.engine;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.Scratch;
import java.util.Arrays;

/** The JDK's AES for the constructions of {@code mode}: blocks in place, by way of a batch. */
final class JceBlocks implements BlockCipher {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 4096;

  private final int keyBytes;
  private final JceCipher encryption;
  private final JceCipher decryption;
  private final byte[] batch = new byte[BLOCK_BYTES + BATCH_BYTES]; // block before, then input

  /** The caller wipes the key. */
  JceBlocks(byte[] key) {
    keyBytes = key.length;
    encryption = JceCipher.blockEncryption(key, 0, key.length);
    decryption = JceCipher.chainDecryption(key, 0, key.length);
  }

  @Override
  public void encrypt(Scratch blocks, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BATCH_BYTES) {
      int batchBytes = Math.min(BATCH_BYTES, lengthBytes - at);
      System.arraycopy(blocks.bytes(), at, batch, BLOCK_BYTES, batchBytes);
      encryption.transform(batch, BLOCK_BYTES, batchBytes, blocks.bytes(), at);
    }
  }

  @Override
  public void decrypt(Scratch blocks, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BATCH_BYTES) {
      int batchBytes = Math.min(BATCH_BYTES, lengthBytes - at);
      System.arraycopy(blocks.bytes(), at, batch, BLOCK_BYTES, batchBytes);
      decryption.transform(batch, BLOCK_BYTES, batchBytes, blocks.bytes(), at);
      JceXor.into(blocks.bytes(), at, batch, 0, batchBytes); // what the JDK chained to
      System.arraycopy(batch, batchBytes, batch, 0, BLOCK_BYTES);
    }
  }

  /** Allocates, as the JDK's key schedule does. */
  @Override
  public void rekeyEncryption(Scratch keys, int offset) {
    encryption.changeKey(keys.bytes(), offset, keyBytes);
  }

  @Override
  public void close() {
    encryption.forgetKey();
    decryption.forgetKey();
    Arrays.fill(batch, (byte) 0);
  }
}
