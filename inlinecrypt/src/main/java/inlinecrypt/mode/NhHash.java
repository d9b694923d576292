package inlinecrypt.mode;

import java.util.Arrays;

/**
 * NH as Adiantum uses it (paper, 2.2 and appendix A): four passes, each over the message with the
 * key moved on by 16 bytes; each 1024 bytes of message become 32 bytes of hash. Not thread-safe.
 *
 * <p>The message is dealt into two rows, pairs of words to each in turn, and the key into four; a
 * pass makes a row of products, and their sum is the hash. All rows lie in one array at constant
 * distances: only then does the compiler know that they do not overlap, and vectorises. Words lie
 * in longs, because the products are long. Loops are made long, for their ends run word by word:
 * four chunks are hashed at once, with gaps between that take up the key's surplus, whose products
 * are not summed.
 */
final class NhHash {
  static final int KEY_BYTES = 1072; // 1024 bytes of message, and 48 for the other passes
  static final int CHUNK_BYTES = 1024;
  static final int MAX_CHUNKS = 4;

  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int STRIDE_BYTES = 16;
  private static final int KEY_STRIDES = KEY_BYTES / STRIDE_BYTES;
  private static final int PERIOD = KEY_STRIDES + 1; // from chunk to chunk
  private static final int ROW = MAX_CHUNKS * PERIOD + 8;
  private static final int K0 = 0;
  private static final int K1 = ROW;
  private static final int K2 = 2 * ROW;
  private static final int K3 = 3 * ROW;
  private static final int M01 = 4 * ROW;
  private static final int M23 = 5 * ROW;
  private static final int P0 = 6 * ROW;
  private static final int P1 = 7 * ROW;
  private static final int P2 = 8 * ROW;
  private static final int P3 = 9 * ROW;

  private final long[] rows = new long[10 * ROW];

  /** Takes the key from {@code bytes}. */
  void key(byte[] bytes, int offset) {
    for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
      for (int i = 0; i < KEY_STRIDES; i++) {
        int at = offset + i * STRIDE_BYTES;
        rows[K0 + chunk * PERIOD + i] = Words.intAt(bytes, at) & LOW_WORD;
        rows[K1 + chunk * PERIOD + i] = Words.intAt(bytes, at + 4) & LOW_WORD;
        rows[K2 + chunk * PERIOD + i] = Words.intAt(bytes, at + 8) & LOW_WORD;
        rows[K3 + chunk * PERIOD + i] = Words.intAt(bytes, at + 12) & LOW_WORD;
      }
    }
  }

  /** Hashes {@code lengthBytes} bytes, a multiple of 16, of at most {@link #MAX_CHUNKS} chunks. */
  void hash(byte[] message, int offset, int lengthBytes) {
    int end = 0;
    for (int done = 0; done < lengthBytes; done += CHUNK_BYTES) {
      int row = done / CHUNK_BYTES * PERIOD;
      int strides = Math.min(CHUNK_BYTES, lengthBytes - done) / STRIDE_BYTES;
      deal(message, offset + done, rows, M01 + row, strides);
      end = row + strides;
    }
    pass0(rows, end);
    pass1(rows, end);
    pass2(rows, end);
    pass3(rows, end);
  }

  /** The word of the hash, 0 to 3, that {@link #hash} made of a chunk of that many bytes. */
  long word(int chunk, int word, int chunkBytes) {
    return sum(rows, P0 + word * ROW + chunk * PERIOD, chunkBytes / STRIDE_BYTES);
  }

  void wipe() {
    Arrays.fill(rows, 0);
  }

  private static void deal(byte[] bytes, int offset, long[] x, int row, int strides) {
    for (int i = 0; i < strides; i++) {
      x[row + i] = Words.longAt(bytes, offset + STRIDE_BYTES * i);
      x[row + ROW + i] = Words.longAt(bytes, offset + STRIDE_BYTES * i + 8);
    }
  }

  private static void pass0(long[] x, int strides) {
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      x[P0 + i] =
          (m01 + x[K0 + i] & LOW_WORD) * (m23 + x[K2 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + i] & LOW_WORD) * ((m23 >>> 32) + x[K3 + i] & LOW_WORD);
    }
  }

  private static void pass1(long[] x, int strides) {
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      x[P1 + i] =
          (m01 + x[K0 + 1 + i] & LOW_WORD) * (m23 + x[K2 + 1 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 1 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 1 + i] & LOW_WORD);
    }
  }

  private static void pass2(long[] x, int strides) {
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      x[P2 + i] =
          (m01 + x[K0 + 2 + i] & LOW_WORD) * (m23 + x[K2 + 2 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 2 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 2 + i] & LOW_WORD);
    }
  }

  private static void pass3(long[] x, int strides) {
    for (int i = 0; i < strides; i++) {
      long m01 = x[M01 + i];
      long m23 = x[M23 + i];
      x[P3 + i] =
          (m01 + x[K0 + 3 + i] & LOW_WORD) * (m23 + x[K2 + 3 + i] & LOW_WORD)
              + ((m01 >>> 32) + x[K1 + 3 + i] & LOW_WORD)
                  * ((m23 >>> 32) + x[K3 + 3 + i] & LOW_WORD);
    }
  }

  private static long sum(long[] x, int from, int strides) {
    long even = 0;
    long odd = 0;
    int i = from;
    for (int end = from + strides - 1; i < end; i += 2) {
      even += x[i];
      odd += x[i + 1];
    }
    return even + odd + (i < from + strides ? x[i] : 0);
  }
}
