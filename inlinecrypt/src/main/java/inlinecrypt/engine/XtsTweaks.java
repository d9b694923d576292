package inlinecrypt.engine;

/**
 * The tweaks of runs of XTS blocks: two longs a block, low half first (IEEE Std 1619, 5.2: each is
 * the one before times α in GF(2^128)).
 */
final class XtsTweaks {
  private static final long REDUCTION = 0x87; // x^128 = x^7 + x^2 + x + 1

  private XtsTweaks() {}

  /**
   * Writes the tweaks of {@code blocks} blocks, the first being {@code (low, high)}, to {@code
   * tweaks} from {@code at} on, and adds them to {@code data} there.
   */
  static void spreadAndXor(long low, long high, long[] tweaks, long[] data, int at, int blocks) {
    int end = at + 2 * blocks;
    for (int i = at; i < end; i += 2) {
      tweaks[i] = low;
      tweaks[i + 1] = high;
      data[i] ^= low;
      data[i + 1] ^= high;
      long carry = high >> 63 & REDUCTION;
      high = high << 1 | low >>> 63;
      low = low << 1 ^ carry;
    }
  }

  static long doubledLow(long low, long high) {
    return low << 1 ^ (high >> 63 & REDUCTION);
  }

  static long doubledHigh(long low, long high) {
    return high << 1 | low >>> 63;
  }

  /** {@code data ^= tweaks}, the first {@code longs} of both. */
  static void xor(long[] data, long[] tweaks, int longs) {
    for (int i = 0; i < longs; i++) {
      data[i] ^= tweaks[i];
    }
  }
}
