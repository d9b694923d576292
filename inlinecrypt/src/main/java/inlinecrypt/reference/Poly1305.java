package inlinecrypt.reference;

import java.util.Arrays;

/**
 * The polynomial of Poly1305 (RFC 8439, section 2.5) over whole 16-byte blocks, without the final
 * addition of s, as the Adiantum paper takes it (6.1).
 *
 * <p>Numbers modulo p = 2^130 - 5 are five limbs of 26 bits, lowest first.
 */
final class Poly1305 {
  private static final int LIMBS = 5;
  private static final int LIMB_BITS = 26;
  private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

  private final long[] r = new long[LIMBS];
  private final long[] a = new long[LIMBS]; // the accumulator
  private final long[] product = new long[2 * LIMBS - 1];
  private final long[] reduced = new long[LIMBS];

  /** Takes r from the 16 bytes of {@code key} from {@code offset} on, and clamps it (2.5). */
  Poly1305(byte[] key, int offset) {
    long low = Bytes.littleEndian(key, offset) & 0x0ffffffc0fffffffL;
    long high = Bytes.littleEndian(key, offset + 8) & 0x0ffffffc0ffffffcL;
    add(r, low, high, 0);
  }

  /** Starts a message. */
  void reset() {
    Arrays.fill(a, 0);
  }

  /** a = (a + block + 2^128) * r mod p; the block is little-endian. */
  void update(byte[] data, int at) {
    add(a, Bytes.littleEndian(data, at), Bytes.littleEndian(data, at + 8), 1);
    Arrays.fill(product, 0);
    for (int i = 0; i < LIMBS; i++) {
      for (int j = 0; j < LIMBS; j++) {
        product[i + j] += a[i] * r[j]; // at most 5 * 2^27 * 2^26, with the carry that a may hold
      }
    }
    for (int i = 0; i < LIMBS; i++) {
      a[i] = product[i] + (i + LIMBS < product.length ? 5 * product[i + LIMBS] : 0); // 2^130 = 5
    }
    carry(a);
  }

  /** The low 64 bits of the accumulator modulo p. */
  long low() {
    reduce();
    return reduced[0] | reduced[1] << 26 | reduced[2] << 52;
  }

  /** The next 64 bits; the result is taken modulo 2^128. */
  long high() {
    reduce();
    return reduced[2] >>> 12 | reduced[3] << 14 | reduced[4] << 40;
  }

  void wipe() {
    Arrays.fill(r, 0);
    Arrays.fill(a, 0);
    Arrays.fill(product, 0);
    Arrays.fill(reduced, 0);
  }

  /** Adds low + 2^64 high + 2^128 top, limb by limb. */
  private static void add(long[] limbs, long low, long high, long top) {
    limbs[0] += low & LIMB_MASK;
    limbs[1] += low >>> 26 & LIMB_MASK;
    limbs[2] += (low >>> 52 | high << 12) & LIMB_MASK;
    limbs[3] += high >>> 14 & LIMB_MASK;
    limbs[4] += high >>> 40 | top << 24;
  }

  /** Limbs back to 26 bits; what leaves the top comes back times 5, and may overfill limb 1. */
  private static void carry(long[] limbs) {
    for (int i = 0; i < LIMBS - 1; i++) {
      limbs[i + 1] += limbs[i] >>> LIMB_BITS;
      limbs[i] &= LIMB_MASK;
    }
    limbs[0] += 5 * (limbs[4] >>> LIMB_BITS);
    limbs[4] &= LIMB_MASK;
    limbs[1] += limbs[0] >>> LIMB_BITS;
    limbs[0] &= LIMB_MASK;
  }

  /** The one number below p: a, or a - p if a is that large. */
  private void reduce() {
    carry(a);
    carry(a);
    System.arraycopy(a, 0, reduced, 0, LIMBS);
    reduced[0] += 5; // a + 5 reaches 2^130 just when a reaches p
    for (int i = 0; i < LIMBS - 1; i++) {
      reduced[i + 1] += reduced[i] >>> LIMB_BITS;
      reduced[i] &= LIMB_MASK;
    }
    if (reduced[4] >>> LIMB_BITS == 0) {
      System.arraycopy(a, 0, reduced, 0, LIMBS);
    }
    reduced[4] &= LIMB_MASK;
  }
}
