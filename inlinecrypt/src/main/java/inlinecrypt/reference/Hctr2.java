package inlinecrypt.reference;

import java.util.Arrays;

/**
 * HCTR2 from P. Crowley, N. Huckleberry and E. Biggers, Length-preserving encryption with HCTR2
 * (IACR ePrint 2021/1441), with a tweak of 32 bytes. Section numbers and names are the paper's: M
 * is the first block of the unit, N the rest, U and V what they become.
 */
final class Hctr2 implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;
  private static final int TWEAK_BYTES = 32;

  private final Aes cipher; // E
  private final Polyval polyval = new Polyval(); // by h = E(0)
  private final byte[] l = new byte[BLOCK_BYTES]; // L = E(1)
  private final byte[] first = new byte[BLOCK_BYTES]; // MM, then UU; in decryption UU, then MM
  private final byte[] s = new byte[BLOCK_BYTES]; // S
  private final byte[] block = new byte[BLOCK_BYTES];

  Hctr2(Aes cipher) {
    this.cipher = cipher;
    cipher.encrypt(block);
    polyval.setKey(block);
    l[0] = 1;
    cipher.encrypt(l);
  }

  /** Encrypt, 2.4. */
  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    System.arraycopy(unit, 0, first, 0, BLOCK_BYTES);
    xorHash(iv, unit, lengthBytes); // MM = M xor H(T, N)
    startS();
    cipher.encrypt(first); // UU = E(MM)
    finishS();
    xctr(unit, lengthBytes); // V = N xor XCTR(S)
    xorHash(iv, unit, lengthBytes); // U = UU xor H(T, V)
    System.arraycopy(first, 0, unit, 0, BLOCK_BYTES);
  }

  /** Decrypt, 2.4. */
  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    System.arraycopy(unit, 0, first, 0, BLOCK_BYTES);
    xorHash(iv, unit, lengthBytes); // UU = U xor H(T, V)
    startS();
    cipher.decrypt(first); // MM = E^-1(UU)
    finishS();
    xctr(unit, lengthBytes); // N = V xor XCTR(S)
    xorHash(iv, unit, lengthBytes); // M = MM xor H(T, N)
    System.arraycopy(first, 0, unit, 0, BLOCK_BYTES);
  }

  @Override
  public void wipe() {
    cipher.wipe();
    polyval.wipe();
    Arrays.fill(l, (byte) 0);
    Arrays.fill(first, (byte) 0);
    Arrays.fill(s, (byte) 0);
    Arrays.fill(block, (byte) 0);
  }

  /** S = MM xor UU xor L, in two steps: what {@code first} holds before E, and after it. */
  private void startS() {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      s[i] = (byte) (first[i] ^ l[i]);
    }
  }

  private void finishS() {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      s[i] ^= first[i];
    }
  }

  /** H of 2.2: POLYVAL over a length block, the tweak, and the rest of the unit. */
  private void xorHash(byte[] tweak, byte[] unit, int lengthBytes) {
    boolean whole = lengthBytes % BLOCK_BYTES == 0;
    Bytes.putLittleEndian(block, 0, 2 * 8 * TWEAK_BYTES + (whole ? 2 : 3));
    Bytes.putLittleEndian(block, 8, 0);
    polyval.reset();
    polyval.update(block, 0);
    polyval.update(tweak, 0);
    polyval.update(tweak, BLOCK_BYTES);
    int at = BLOCK_BYTES;
    for (; at + BLOCK_BYTES <= lengthBytes; at += BLOCK_BYTES) {
      polyval.update(unit, at);
    }
    if (!whole) { // filled up with a one and zeros
      Bytes.copyPadded(unit, at, lengthBytes, block);
      block[lengthBytes - at] = 1;
      polyval.update(block, 0);
    }
    polyval.digest(block);
    for (int i = 0; i < BLOCK_BYTES; i++) {
      first[i] ^= block[i];
    }
  }

  /** XCTR, 2.3: block i of the stream, from 1 on, is E(S xor i). */
  private void xctr(byte[] unit, int lengthBytes) {
    for (int at = BLOCK_BYTES; at < lengthBytes; at += BLOCK_BYTES) {
      Bytes.putLittleEndian(block, 0, Bytes.littleEndian(s, 0) ^ at / BLOCK_BYTES);
      Bytes.putLittleEndian(block, 8, Bytes.littleEndian(s, 8));
      cipher.encrypt(block);
      for (int i = 0; i < BLOCK_BYTES && at + i < lengthBytes; i++) {
        unit[at + i] ^= block[i];
      }
    }
  }
}
