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
  static final long REDUCTION_HIGH = 0xc200_0000_0000_0000L;
  private static final int NIBBLES = 32;
  private static final int ENTRY = 2; // longs
  private static final int NIBBLE_TABLE = 16 * ENTRY;
  private static final int HALF_TABLE = NIBBLES / 2 * NIBBLE_TABLE;

  private final long[] table = new long[NIBBLES * NIBBLE_TABLE];
  private long low;
  private long high;

  void key(long keyLow, long keyHigh) {
    long v0 = keyLow;
    long v1 = keyHigh;
    // The product that RFC 8452 calls dot divides by x^128, so the highest bit stands for 1 / x,
    // and each below it for a division more.
    for (int bit = 4 * NIBBLES - 1; bit >= 0; bit--) {
      long odd = -(v0 & 1);
      v0 = v0 >>> 1 | v1 << 63;
      v1 = (v1 ^ odd & REDUCTION_HIGH) >>> 1 | odd << 63;
      int at = bit / 4 * NIBBLE_TABLE + (1 << bit % 4) * ENTRY;
      table[at] = v0;
      table[at + 1] = v1;
    }
    for (int at = 0; at < table.length; at += NIBBLE_TABLE) {
      addToLower(table, at, 2 * ENTRY);
      addToLower(table, at, 4 * ENTRY);
      addToLower(table, at, 8 * ENTRY);
    }
  }

  /** Fills the places behind a bit's with the sums of that and what the places below hold. */
  private static void addToLower(long[] table, int at, int bit) {
    long v0 = table[at + bit];
    long v1 = table[at + bit + 1];
    for (int below = ENTRY; below < bit; below += ENTRY) {
      table[at + bit + below] = table[at + below] ^ v0;
      table[at + bit + below + 1] = table[at + below + 1] ^ v1;
    }
  }

  void start() {
    low = 0;
    high = 0;
  }

  /** Takes one 16-byte block. */
  void block(long blockLow, long blockHigh) {
    multiply(low ^ blockLow, high ^ blockHigh);
  }

  /** Takes {@code lengthBytes} bytes, a multiple of 16. */
  void blocks(byte[] bytes, int offset, int lengthBytes) {
    for (int at = offset; at < offset + lengthBytes; at += 16) {
      multiply(low ^ Words.longAt(bytes, at), high ^ Words.longAt(bytes, at + 8));
    }
  }

  /** Takes blocks as {@link #blocks} does, with the 16 bytes of each in reverse order. */
  void reversedBlocks(byte[] bytes, int offset, int lengthBytes) {
    for (int at = offset; at < offset + lengthBytes; at += 16) {
      multiply(
          low ^ Long.reverseBytes(Words.longAt(bytes, at + 8)),
          high ^ Long.reverseBytes(Words.longAt(bytes, at)));
    }
  }

  /**
   * The state becomes the product of the key and a block. Written out, because as a loop it takes
   * half as long again, and entry by entry, because with more of them under way registers run out.
   */
  private void multiply(long x0, long x1) {
    long[] t = table;
    long sum0 = 0;
    long sum1 = 0;
    long x = x0;
    for (int half = 0; half <= HALF_TABLE; half += HALF_TABLE) {
      int at = half + ((int) x & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 1 * NIBBLE_TABLE + ((int) (x >>> 4) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 2 * NIBBLE_TABLE + ((int) (x >>> 8) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 3 * NIBBLE_TABLE + ((int) (x >>> 12) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 4 * NIBBLE_TABLE + ((int) (x >>> 16) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 5 * NIBBLE_TABLE + ((int) (x >>> 20) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 6 * NIBBLE_TABLE + ((int) (x >>> 24) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 7 * NIBBLE_TABLE + ((int) (x >>> 28) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 8 * NIBBLE_TABLE + ((int) (x >>> 32) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 9 * NIBBLE_TABLE + ((int) (x >>> 36) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 10 * NIBBLE_TABLE + ((int) (x >>> 40) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 11 * NIBBLE_TABLE + ((int) (x >>> 44) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 12 * NIBBLE_TABLE + ((int) (x >>> 48) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 13 * NIBBLE_TABLE + ((int) (x >>> 52) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 14 * NIBBLE_TABLE + ((int) (x >>> 56) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      at = half + 15 * NIBBLE_TABLE + ((int) (x >>> 60) & 15) * ENTRY;
      sum0 ^= t[at];
      sum1 ^= t[at + 1];
      x = x1;
    }
    low = sum0;
    high = sum1;
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
