package inlinecrypt.mode;

import java.util.Arrays;

/**
 * NH as Adiantum uses it (paper, 2.2 and appendix A): four passes, each over the message with the
 * key moved on by 16 bytes; each 1024 bytes of message become 32 bytes of hash. Not thread-safe.
 *
 * <p>The message is dealt into two rows, pairs of words to each in turn, and the key into four; a
 * pass is one loop along the rows that sums products. All rows lie in one array at constant
 * distances, and a loop has one sum: so the compiler turns it into vectors, and keeps the sum in
 * one. Words lie in longs, because the products are long.
 */
final class NhHash {
  static final int KEY_BYTES = 1072; // 1024 bytes of message, and 48 for the other passes
  static final int CHUNK_BYTES = 1024;

  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int STRIDE_BYTES = 16;
  private static final int KEY_STRIDES = KEY_BYTES / STRIDE_BYTES;
  private static final int ROW = KEY_STRIDES + 5; // whole lines of the cache
  private static final int K0 = 0;
  private static final int K1 = ROW;
  private static final int K2 = 2 * ROW;
  private static final int K3 = 3 * ROW;
  private static final int M01 = 4 * ROW;
  private static final int M23 = 5 * ROW;

  private final long[] rows = new long[6 * ROW];
  private long word0;
  private long word1;
  private long word2;
  private long word3;

  /** Takes the key from {@code bytes}. */
  void key(byte[] bytes, int offset) {
    for (int i = 0; i < KEY_STRIDES; i++) {
      int at = offset + i * STRIDE_BYTES;
      rows[K0 + i] = Words.intAt(bytes, at) & LOW_WORD;
      rows[K1 + i] = Words.intAt(bytes, at + 4) & LOW_WORD;
      rows[K2 + i] = Words.intAt(bytes, at + 8) & LOW_WORD;
      rows[K3 + i] = Words.intAt(bytes, at + 12) & LOW_WORD;
    }
  }

  /** Hashes {@code lengthBytes} bytes, a multiple of 16, of at most a chunk. */
  void hash(byte[] message, int offset, int lengthBytes) {
    int strides = lengthBytes / STRIDE_BYTES;
    deal(message, offset, rows, strides);
    word0 = pass0(rows, strides);
    word1 = pass1(rows, strides);
    word2 = pass2(rows, strides);
    word3 = pass3(rows, strides);
  }

  /** The first eight bytes of the hash as a little-endian number, and so on. */
  long word0() {
    return word0;
  }

  long word1() {
    return word1;
  }

  long word2() {
    return word2;
  }

  long word3() {
    return word3;
  }

  void wipe() {
    Arrays.fill(rows, 0);
    word0 = 0;
    word1 = 0;
    word2 = 0;
    word3 = 0;
  }

  private static void deal(byte[] bytes, int offset, long[] x, int strides) {
    for (int i = 0; i < strides; i++) {
      x[M01 + i] = Words.longAt(bytes, offset + STRIDE_BYTES * i);
      x[M23 + i] = Words.longAt(bytes, offset + STRIDE_BYTES * i + 8);
    }
  }

  private static long pass0(long[] x, int strides) {
    long sum = 0;
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      sum +=
          (m01 + x[K0 + i] & LOW_WORD) * (m23 + x[K2 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + i] & LOW_WORD) * ((m23 >>> 32) + x[K3 + i] & LOW_WORD);
    }
    return sum;
  }

  private static long pass1(long[] x, int strides) {
    long sum = 0;
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      sum +=
          (m01 + x[K0 + 1 + i] & LOW_WORD) * (m23 + x[K2 + 1 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 1 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 1 + i] & LOW_WORD);
    }
    return sum;
  }

  private static long pass2(long[] x, int strides) {
    long sum = 0;
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      sum +=
          (m01 + x[K0 + 2 + i] & LOW_WORD) * (m23 + x[K2 + 2 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 2 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 2 + i] & LOW_WORD);
    }
    return sum;
  }

  private static long pass3(long[] x, int strides) {
    long sum = 0;
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      sum +=
          (m01 + x[K0 + 3 + i] & LOW_WORD) * (m23 + x[K2 + 3 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 3 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 3 + i] & LOW_WORD);
    }
    return sum;
  }
}
