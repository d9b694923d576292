package inlinecrypt.mode;

import java.util.Arrays;

/**
 * NH as Adiantum uses it (paper, 2.2 and appendix A): four passes, each over the message with the
 * key moved on by 16 bytes; each 1024 bytes of message become 32 bytes of hash. Not thread-safe.
 *
 * <p>A product has a factor from the first half of 16 bytes and one from the second. So message and
 * key are dealt into a row of first and a row of second halves, and a pass is the sum of products
 * of two rows, which the compiler turns into vectors. Two passes share a loop, and the message's
 * words with it: with more products in its body, the loop would not be unrolled and so not be
 * vectorised. The second pass of a loop has rows of its own though its key is the first one's moved
 * on, because the compiler gives up where neighbouring lanes load the same word.
 */
final class NhHash {
  static final int KEY_BYTES = 1072; // 1024 bytes of message, and 48 for the other passes
  static final int CHUNK_BYTES = 1024;
  static final int HASH_WORDS = 4; // of a chunk

  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int STRIDE_BYTES = 16;
  private static final int MOVE = 2; // words of a row from pass to pass
  private static final int WORDS = KEY_BYTES / STRIDE_BYTES * MOVE;
  private static final int ROW = WORDS + 10; // whole lines of the cache
  private static final int K1 = 0; // first halves of the key
  private static final int K2 = ROW; // second halves
  private static final int L1 = 2 * ROW; // the same, moved on once
  private static final int L2 = 3 * ROW;
  private static final int M1 = 4 * ROW; // the message
  private static final int M2 = 5 * ROW;

  private final int[] rows = new int[6 * ROW];

  /** Takes the key from {@code bytes}. */
  void key(byte[] bytes, int offset) {
    deal(bytes, offset, rows, K1, K2, WORDS / 2);
    System.arraycopy(rows, K1 + MOVE, rows, L1, WORDS - MOVE);
    System.arraycopy(rows, K2 + MOVE, rows, L2, WORDS - MOVE);
  }

  /**
   * Hashes {@code lengthBytes} bytes, a multiple of 16, of at most a chunk.
   *
   * @param hash takes {@link #HASH_WORDS} little-endian numbers from {@code at} on
   */
  void hash(byte[] bytes, int offset, int lengthBytes, long[] hash, int at) {
    int strides = lengthBytes / STRIDE_BYTES;
    deal(bytes, offset, rows, M1, M2, strides);
    passes01(rows, 2 * strides, hash, at);
    passes23(rows, 2 * strides, hash, at);
  }

  void wipe() {
    Arrays.fill(rows, 0);
  }

  private static void deal(byte[] bytes, int offset, int[] x, int first, int second, int strides) {
    for (int i = 0; i < strides; i++) {
      int at = offset + STRIDE_BYTES * i;
      x[first + 2 * i] = Words.intAt(bytes, at);
      x[first + 2 * i + 1] = Words.intAt(bytes, at + 4);
      x[second + 2 * i] = Words.intAt(bytes, at + 8);
      x[second + 2 * i + 1] = Words.intAt(bytes, at + 12);
    }
  }

  private static void passes01(int[] x, int products, long[] hash, int at) {
    long sum0 = 0;
    long sum1 = 0;
    for (int i = 0; i < products; i++) {
      int m1 = x[M1 + i];
      int m2 = x[M2 + i];
      sum0 += ((long) (m1 + x[K1 + i]) & LOW_WORD) * ((long) (m2 + x[K2 + i]) & LOW_WORD);
      sum1 += ((long) (m1 + x[L1 + i]) & LOW_WORD) * ((long) (m2 + x[L2 + i]) & LOW_WORD);
    }
    hash[at] = sum0;
    hash[at + 1] = sum1;
  }

  private static void passes23(int[] x, int products, long[] hash, int at) {
    long sum2 = 0;
    long sum3 = 0;
    for (int i = 0; i < products; i++) {
      int m1 = x[M1 + i];
      int m2 = x[M2 + i];
      sum2 +=
          ((long) (m1 + x[K1 + 2 * MOVE + i]) & LOW_WORD)
              * ((long) (m2 + x[K2 + 2 * MOVE + i]) & LOW_WORD);
      sum3 +=
          ((long) (m1 + x[L1 + 2 * MOVE + i]) & LOW_WORD)
              * ((long) (m2 + x[L2 + 2 * MOVE + i]) & LOW_WORD);
    }
    hash[at + 2] = sum2;
    hash[at + 3] = sum3;
  }
}
