package inlinecrypt.mode;

import java.util.Arrays;

/**
 * POLYVAL (RFC 8452, 3), a polynomial over GF(2^128). Not thread-safe.
 *
 * <p>A product is the exclusive-or of 32 entries, one for each nibble of a factor, from a table of
 * 8 KiB that the key is expanded to. Nothing is reduced on the way, so the lookups do not wait for
 * each other. Like every table, it shows in the cache which entries are used.
 */
final class Polyval {
  // x^128 = x^127 + x^126 + x^121 + 1; the upper half of that.
  private static final long REDUCTION_HIGH = 0xc200_0000_0000_0000L;
  private static final int NIBBLES = 32;
  private static final int ENTRY = 2; // longs
  private static final int NIBBLE_TABLE = 16 * ENTRY;

  private final long[] table = new long[NIBBLES * NIBBLE_TABLE];
  private long low;
  private long high;

  void key(long keyLow, long keyHigh) {
    long v0 = keyLow;
    long v1 = keyHigh;
    for (int i = 0; i < 128; i++) { // the product that RFC 8452 calls dot divides by x^128
      long odd = -(v0 & 1);
      v0 = v0 >>> 1 | v1 << 63;
      v1 = (v1 ^ odd & REDUCTION_HIGH) >>> 1 | odd << 63;
    }
    for (int nibble = 0; nibble < NIBBLES; nibble++) {
      int base = nibble * NIBBLE_TABLE;
      for (int bit = 1; bit < 16; bit <<= 1) {
        for (int below = 0; below < bit; below++) {
          table[base + (bit + below) * ENTRY] = v0 ^ table[base + below * ENTRY];
          table[base + (bit + below) * ENTRY + 1] = v1 ^ table[base + below * ENTRY + 1];
        }
        long carry = v1 >> 63;
        v1 = (v1 << 1 | v0 >>> 63) ^ carry & REDUCTION_HIGH;
        v0 = v0 << 1 ^ carry & 1;
      }
    }
  }

  void start() {
    low = 0;
    high = 0;
  }

  /** Takes one 16-byte block. */
  void block(long blockLow, long blockHigh) {
    long x0 = low ^ blockLow;
    long x1 = high ^ blockHigh;
    long[] t = table;
    long sum0 = 0;
    long sum1 = 0;
    int base = 0;
    for (int i = 0; i < 16; i++) {
      int at = base + ((int) x0 & 15) * ENTRY;
      int at1 = base + NIBBLE_TABLE * 16 + ((int) x1 & 15) * ENTRY;
      sum0 ^= t[at] ^ t[at1];
      sum1 ^= t[at + 1] ^ t[at1 + 1];
      x0 >>>= 4;
      x1 >>>= 4;
      base += NIBBLE_TABLE;
    }
    low = sum0;
    high = sum1;
  }

  /** Takes {@code lengthBytes} bytes, a multiple of 16. */
  void blocks(byte[] bytes, int offset, int lengthBytes) {
    for (int at = offset; at < offset + lengthBytes; at += 16) {
      block(Words.longAt(bytes, at), Words.longAt(bytes, at + 8));
    }
  }

  long low() {
    return low;
  }

  long high() {
    return high;
  }

  void wipe() {
    Arrays.fill(table, 0);
    start();
  }
}
