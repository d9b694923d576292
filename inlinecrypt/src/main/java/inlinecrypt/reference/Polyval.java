package inlinecrypt.reference;

import java.util.Arrays;

/**
 * POLYVAL from RFC 8452, section 3: a hash in GF(2^128) modulo x^128 + x^127 + x^126 + x^121 + 1,
 * where bit 0 of byte 0 stands for x^0.
 */
final class Polyval {
  private static final long X_INVERSE = 0xe100000000000000L; // x^-1: 127, 126, 125 and 120

  private long keyLow; // H
  private long keyHigh;
  private long low; // S
  private long high;
  private final byte[] block = new byte[BlockCipher.BLOCK_BYTES];

  void setKey(byte[] key) {
    keyLow = Bytes.littleEndian(key, 0);
    keyHigh = Bytes.littleEndian(key, 8);
  }

  /** Starts a message. */
  void reset() {
    low = 0;
    high = 0;
  }

  /** One block: S = dot(S xor X, H), where dot(a, b) = a * b * x^-128. */
  void update(byte[] data, int at) {
    long a = low ^ Bytes.littleEndian(data, at);
    long b = high ^ Bytes.littleEndian(data, at + 8);
    low = 0;
    high = 0;
    // Horner's rule in x^-1: the lowest power of S xor X is divided most often.
    for (int bit = 0; bit < 128; bit++) {
      long power = bit < 64 ? a >>> bit : b >>> bit - 64;
      if ((power & 1) != 0) {
        low ^= keyLow;
        high ^= keyHigh;
      }
      long odd = low & 1;
      low = low >>> 1 | high << 63;
      high = high >>> 1 ^ odd * X_INVERSE;
    }
  }

  /** The bytes from {@code at} to {@code endAt}, filled up with zeros to whole blocks. */
  void updatePadded(byte[] data, int at, int endAt) {
    for (; at < endAt; at += BlockCipher.BLOCK_BYTES) {
      Bytes.copyPadded(data, at, endAt, block);
      update(block, 0);
    }
  }

  void digest(byte[] output) {
    Bytes.putLittleEndian(output, 0, low);
    Bytes.putLittleEndian(output, 8, high);
  }

  void wipe() {
    keyLow = 0;
    keyHigh = 0;
    reset();
    Arrays.fill(block, (byte) 0);
  }
}
