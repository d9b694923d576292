package inlinecrypt.reference;

import java.util.Arrays;

/**
 * CBC with ciphertext stealing, variant CS3 of the addendum to NIST SP 800-38A (October 2010): the
 * last two ciphertext blocks always change places, also when the last one is whole. One block alone
 * is plain CBC.
 */
final class CbcCts implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;

  private final BlockCipher cipher;
  private final Cbc cbc;
  private final byte[] x = new byte[BLOCK_BYTES]; // the block that is whole in the ciphertext
  private final byte[] chained = new byte[BLOCK_BYTES]; // what the last two blocks chain from

  CbcCts(BlockCipher cipher) {
    this.cipher = cipher;
    this.cbc = new Cbc(cipher);
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    int wholeBytes = wholeBytes(lengthBytes);
    cbc.encrypt(iv, unit, wholeBytes);
    if (wholeBytes == lengthBytes) {
      return;
    }
    int lastBytes = lengthBytes - wholeBytes; // 1 to 16
    int before = wholeBytes - BLOCK_BYTES;
    // C_n = CIPH(P_n, filled up with zeros, xor C_n-1); C_n-1 is cut to the length of P_n.
    System.arraycopy(unit, before, x, 0, BLOCK_BYTES);
    for (int i = 0; i < lastBytes; i++) {
      x[i] ^= unit[wholeBytes + i];
    }
    cipher.encrypt(x);
    System.arraycopy(unit, before, unit, wholeBytes, lastBytes);
    System.arraycopy(x, 0, unit, before, BLOCK_BYTES);
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    int wholeBytes = wholeBytes(lengthBytes);
    if (wholeBytes == lengthBytes) {
      cbc.decrypt(iv, unit, lengthBytes);
      return;
    }
    int lastBytes = lengthBytes - wholeBytes;
    int before = wholeBytes - BLOCK_BYTES;
    if (before > 0) {
      System.arraycopy(unit, before - BLOCK_BYTES, chained, 0, BLOCK_BYTES);
    } else {
      System.arraycopy(iv, 0, chained, 0, BLOCK_BYTES);
    }
    cbc.decrypt(iv, unit, before);
    System.arraycopy(unit, before, x, 0, BLOCK_BYTES);
    cipher.decrypt(x); // P_n, filled up with zeros, xor C_n-1: its end is the end of C_n-1
    for (int i = 0; i < lastBytes; i++) {
      byte stolen = unit[wholeBytes + i]; // the start of C_n-1
      unit[wholeBytes + i] = (byte) (x[i] ^ stolen);
      x[i] = stolen;
    }
    cipher.decrypt(x);
    for (int i = 0; i < BLOCK_BYTES; i++) {
      unit[before + i] = (byte) (x[i] ^ chained[i]);
    }
  }

  @Override
  public void wipe() {
    cbc.wipe();
    Arrays.fill(x, (byte) 0);
    Arrays.fill(chained, (byte) 0);
  }

  /** What plain CBC does: all but the last 1 to 16 bytes, or the only block. */
  private static int wholeBytes(int lengthBytes) {
    return lengthBytes == BLOCK_BYTES ? BLOCK_BYTES : (lengthBytes - 1) / BLOCK_BYTES * BLOCK_BYTES;
  }
}
