package inlinecrypt.engine;

import inlinecrypt.mode.Scratch;
import inlinecrypt.mode.UnitCipher;
import java.util.Arrays;

/**
 * CBC of one short data unit after another on the JDK's AES, for ciphertext stealing to stand on.
 *
 * <p>The JDK chains each call to the last block of the call before; that is cancelled by XOR where
 * the IV goes in.
 */
final class JceChain implements UnitCipher {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 512;

  private final JceCipher encryption;
  private final JceCipher decryption;
  private final byte[] batch = new byte[BATCH_BYTES];
  private final byte[] encrypted = new byte[BLOCK_BYTES]; // ciphertext the JDK encrypts on from
  private final byte[] decrypted = new byte[BLOCK_BYTES]; // ciphertext the JDK decrypts on from

  /** The caller wipes the key. */
  JceChain(byte[] key) {
    encryption = JceCipher.chainEncryption(key, 0, key.length);
    decryption = JceCipher.chainDecryption(key, 0, key.length);
  }

  @Override
  public void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    chainTo(bytes, encrypted, iv0, iv1);
    for (int at = 0; at < lengthBytes; at += BATCH_BYTES) {
      int batchBytes = Math.min(BATCH_BYTES, lengthBytes - at);
      System.arraycopy(bytes, at, batch, 0, batchBytes);
      encryption.transform(batch, 0, batchBytes, bytes, at);
    }
    System.arraycopy(bytes, lengthBytes - BLOCK_BYTES, encrypted, 0, BLOCK_BYTES);
  }

  @Override
  public void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    int batchBytes = 0;
    for (int at = 0; at < lengthBytes; at += batchBytes) {
      batchBytes = Math.min(BATCH_BYTES, lengthBytes - at);
      System.arraycopy(bytes, at, batch, 0, batchBytes);
      decryption.transform(batch, 0, batchBytes, bytes, at);
    }
    chainTo(bytes, decrypted, iv0, iv1);
    System.arraycopy(batch, batchBytes - BLOCK_BYTES, decrypted, 0, BLOCK_BYTES);
  }

  @Override
  public void close() {
    encryption.forgetKey();
    decryption.forgetKey();
    Arrays.fill(batch, (byte) 0);
    Arrays.fill(encrypted, (byte) 0);
    Arrays.fill(decrypted, (byte) 0);
  }

  /** Puts the IV in place of what the JDK chains the first block to. */
  private static void chainTo(byte[] bytes, byte[] before, long iv0, long iv1) {
    JceXor.setLong(bytes, 0, JceXor.getLong(bytes, 0) ^ JceXor.getLong(before, 0) ^ iv0);
    JceXor.setLong(
        bytes,
        Long.BYTES,
        JceXor.getLong(bytes, Long.BYTES) ^ JceXor.getLong(before, Long.BYTES) ^ iv1);
  }
}
