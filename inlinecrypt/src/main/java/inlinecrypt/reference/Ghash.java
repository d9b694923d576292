package inlinecrypt.reference;

import java.util.Arrays;

/**
 * GHASH from NIST SP 800-38D, 6.3 and 6.4: a hash in GF(2^128), where the leftmost bit of a block
 * stands for x^0.
 */
final class Ghash {
  private static final long R = 0xe100000000000000L; // 6.3: 11100001 and 120 zeros

  private long keyHigh; // H: leftmost 64 bits first
  private long keyLow;
  private long high; // Y
  private long low;
  private final byte[] block = new byte[BlockCipher.BLOCK_BYTES];

  Ghash(byte[] key) {
    keyHigh = Bytes.bigEndian(key, 0);
    keyLow = Bytes.bigEndian(key, 8);
  }

  /** Starts a message. */
  void reset() {
    high = 0;
    low = 0;
  }

  /** The bytes from 0 to {@code endAt}, filled up with zeros to whole blocks. */
  void updatePadded(byte[] data, int endAt) {
    for (int at = 0; at < endAt; at += BlockCipher.BLOCK_BYTES) {
      Bytes.copyPadded(data, at, endAt, block);
      update(Bytes.bigEndian(block, 0), Bytes.bigEndian(block, 8));
    }
  }

  /** Y = (Y xor X) * H: algorithm 1, with X, Z and V as there. */
  void update(long xHigh, long xLow) {
    xHigh ^= high;
    xLow ^= low;
    long zHigh = 0;
    long zLow = 0;
    long vHigh = keyHigh;
    long vLow = keyLow;
    for (int i = 0; i < 128; i++) {
      long xBit = i < 64 ? xHigh >>> 63 - i : xLow >>> 127 - i;
      if ((xBit & 1) != 0) {
        zHigh ^= vHigh;
        zLow ^= vLow;
      }
      long rightmost = vLow & 1;
      vLow = vLow >>> 1 | vHigh << 63;
      vHigh = vHigh >>> 1 ^ rightmost * R;
    }
    high = zHigh;
    low = zLow;
  }

  void digest(byte[] output) {
    Bytes.putBigEndian(output, 0, high);
    Bytes.putBigEndian(output, 8, low);
  }

  void wipe() {
    keyHigh = 0;
    keyLow = 0;
    reset();
    Arrays.fill(block, (byte) 0);
  }
}
