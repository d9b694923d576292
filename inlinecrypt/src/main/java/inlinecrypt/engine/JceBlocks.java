package inlinecrypt.engine;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.Scratch;
import java.util.Arrays;

/** The JDK's AES for the constructions of {@code mode}, which encrypt a block now and then. */
final class JceBlocks implements BlockCipher {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;

  private final JceCipher encryption;
  private final JceCipher decryption;
  private final byte[] before = new byte[BLOCK_BYTES]; // what the JDK chains to
  private final byte[] block = new byte[BLOCK_BYTES];

  /** The caller wipes the key. */
  JceBlocks(byte[] key) {
    encryption = JceCipher.blockEncryption(key, 0, key.length);
    decryption = JceCipher.chainDecryption(key, 0, key.length);
  }

  @Override
  public void encrypt(Scratch blocks, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      System.arraycopy(blocks.bytes(), at, block, 0, BLOCK_BYTES);
      encryption.transform(block, 0, BLOCK_BYTES, blocks.bytes(), at);
    }
  }

  @Override
  public void decrypt(Scratch blocks, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      System.arraycopy(blocks.bytes(), at, block, 0, BLOCK_BYTES);
      decryption.transform(block, 0, BLOCK_BYTES, blocks.bytes(), at);
      JceXor.into(blocks.bytes(), at, before, 0, BLOCK_BYTES);
      System.arraycopy(block, 0, before, 0, BLOCK_BYTES);
    }
  }

  @Override
  public void close() {
    encryption.forgetKey();
    decryption.forgetKey();
    Arrays.fill(before, (byte) 0);
    Arrays.fill(block, (byte) 0);
  }
}
