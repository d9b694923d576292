package inlinecrypt.reference;

import java.util.Arrays;

/** CBC from NIST SP 800-38A, 6.2, whole blocks only; the IV is the data unit number itself. */
final class Cbc implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;

  private final BlockCipher cipher;
  private final byte[] previous = new byte[BLOCK_BYTES]; // C of the block before, at first the IV
  private final byte[] held = new byte[BLOCK_BYTES]; // ciphertext about to be overwritten
  private final byte[] block = new byte[BLOCK_BYTES];

  Cbc(BlockCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    System.arraycopy(iv, 0, previous, 0, BLOCK_BYTES);
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      for (int i = 0; i < BLOCK_BYTES; i++) {
        previous[i] ^= unit[at + i];
      }
      cipher.encrypt(previous); // C_j = CIPH(P_j xor C_j-1)
      System.arraycopy(previous, 0, unit, at, BLOCK_BYTES);
    }
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    System.arraycopy(iv, 0, previous, 0, BLOCK_BYTES);
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      System.arraycopy(unit, at, held, 0, BLOCK_BYTES);
      System.arraycopy(unit, at, block, 0, BLOCK_BYTES);
      cipher.decrypt(block);
      for (int i = 0; i < BLOCK_BYTES; i++) {
        unit[at + i] = (byte) (block[i] ^ previous[i]); // P_j = CIPH^-1(C_j) xor C_j-1
      }
      System.arraycopy(held, 0, previous, 0, BLOCK_BYTES);
    }
  }

  @Override
  public void wipe() {
    cipher.wipe();
    Arrays.fill(previous, (byte) 0);
    Arrays.fill(held, (byte) 0);
    Arrays.fill(block, (byte) 0);
  }
}
