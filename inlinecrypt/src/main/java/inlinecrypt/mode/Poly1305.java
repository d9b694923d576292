package inlinecrypt.mode;

import java.util.Arrays;

/**
 * The polynomial of Poly1305 (RFC 8439, 2.5) without the final pad, as Adiantum needs it: the
 * result is the accumulator modulo 2^130 − 5, cut to 128 bits. Not thread-safe.
 *
 * <p>The accumulator is two limbs of 64 bits and one of a few.
 */
final class Poly1305 {
  private static final long CLAMP_LOW = 0x0ffffffc0fffffffL; // RFC 8439, 2.5.1
  private static final long CLAMP_HIGH = 0x0ffffffc0ffffffcL;

  private long r0;
  private long r1;
  private long r1TimesFiveQuarters; // r1 is a multiple of 4
  private long h0;
  private long h1;
  private long h2;
  private final long[] pair = new long[2];

  void key(long low, long high) {
    r0 = low & CLAMP_LOW;
    r1 = high & CLAMP_HIGH;
    r1TimesFiveQuarters = r1 + (r1 >>> 2);
  }

  void start() {
    h0 = 0;
    h1 = 0;
    h2 = 0;
  }

  /** Takes one whole 16-byte block. */
  void block(long low, long high) {
    pair[0] = low;
    pair[1] = high;
    blocks(pair, 2);
  }

  /** Takes blocks, of two of the first {@code count} words each. */
  void blocks(long[] words, int count) {
    // In variables, which the compiler keeps in registers for the whole loop.
    long r0 = this.r0;
    long r1 = this.r1;
    long r1TimesFiveQuarters = this.r1TimesFiveQuarters;
    long h0 = this.h0;
    long h1 = this.h1;
    long h2 = this.h2;
    for (int i = 0; i < count; i += 2) {
      long low = words[i];
      long high = words[i + 1];
      h0 += low;
      long carry = Long.compareUnsigned(h0, low) < 0 ? 1 : 0;
      long sum = h1 + high;
      long carry1 = Long.compareUnsigned(sum, high) < 0 ? 1 : 0;
      h1 = sum + carry;
      carry1 += h1 == 0 ? carry : 0;
      h2 += carry1 + 1; // the bit above the block

      // (h0 + h1·2^64 + h2·2^128) · (r0 + r1·2^64), where 2^130 = 5: h1·r1·2^128 = h1·(5/4)·r1.
      long low0 = h0 * r0;
      long high0 = Math.unsignedMultiplyHigh(h0, r0);
      long t = h1 * r1TimesFiveQuarters;
      low0 += t;
      high0 += Math.unsignedMultiplyHigh(h1, r1TimesFiveQuarters);
      high0 += Long.compareUnsigned(low0, t) < 0 ? 1 : 0;

      long low1 = h0 * r1;
      long high1 = Math.unsignedMultiplyHigh(h0, r1);
      t = h1 * r0;
      low1 += t;
      high1 += Math.unsignedMultiplyHigh(h1, r0);
      high1 += Long.compareUnsigned(low1, t) < 0 ? 1 : 0;
      t = h2 * r1TimesFiveQuarters;
      low1 += t;
      high1 += Long.compareUnsigned(low1, t) < 0 ? 1 : 0;

      low1 += high0;
      high1 += Long.compareUnsigned(low1, high0) < 0 ? 1 : 0;
      high1 += h2 * r0;

      h0 = low0;
      h1 = low1;
      h2 = high1 & 3;
      long folded = (high1 >>> 2) + (high1 & ~3L); // times 5/4·4
      h0 += folded;
      if (Long.compareUnsigned(h0, folded) < 0 && ++h1 == 0) {
        h2++;
      }
    }
    this.h0 = h0;
    this.h1 = h1;
    this.h2 = h2;
  }

  /** Reduces the accumulator; {@link #low} and {@link #high} are the result then. */
  void finish() {
    long g0 = h0 + 5;
    long carry = Long.compareUnsigned(g0, 5) < 0 ? 1 : 0;
    long g1 = h1 + carry;
    carry = g1 == 0 ? carry : 0;
    if (h2 + carry >= 4) {
      h0 = g0;
      h1 = g1;
    }
  }

  long low() {
    return h0;
  }

  long high() {
    return h1;
  }

  void wipe() {
    key(0, 0);
    start();
    Arrays.fill(pair, 0);
  }
}
