package inlinecrypt.mode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * NH as Adiantum uses it (paper, 2.2 and appendix A): four passes, each over the message with the
 * key moved on by 16 bytes; each 1024 bytes of message become 32 bytes of hash. Not thread-safe.
 *
 * <p>A product has a factor from the first half of 16 bytes and one from the second. So message and
 * key are dealt into a row of first and a row of second halves, and a pass is the sum of products
 * of two rows, which the compiler turns into vectors. Two passes share a loop, and the message's
 * words with it: with more products in its body, the loop would not be unrolled and so not be
 * vectorised. Each pass has rows of its own, though its key is that of the pass before moved on,
 * because the compiler gives up where neighbouring lanes load the same word.
 *
 * <p>Such a loop goes word by word up to an address that is a multiple of the vector's size, at
 * least one word, and again at its end. A chunk has few words, so that would be a sixth of the
 * time. Therefore the rows lie outside the heap, where their addresses are known: each at the start
 * of a line of the cache. The word before it is zero in all rows, and so is its product: the loops
 * start there, and leave whole vectors after one step. That a loop's end is not beyond the row is
 * said in the loop's method: otherwise it is vectorised only where it is inlined, which depends on
 * what was called before.
 */
final class NhHash {
  static final int KEY_BYTES = 1072; // 1024 bytes of message, and 48 for the other passes
  static final int CHUNK_BYTES = 1024;
  static final int HASH_WORDS = 4; // of a chunk

  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int STRIDE_BYTES = 16;
  private static final int MOVE = 2; // words of a row from pass to pass
  private static final int WORDS = CHUNK_BYTES / STRIDE_BYTES * MOVE; // of a row
  private static final int LINE = 16; // words
  private static final int ROW = WORDS + 2 * LINE;
  private static final int M1 = LINE; // the message: first halves
  private static final int M2 = M1 + ROW; // second halves
  private static final int J1 = M2 + ROW; // the key of pass 0
  private static final int J2 = J1 + ROW;
  private static final int K1 = J2 + ROW; // of pass 1
  private static final int K2 = K1 + ROW;
  private static final int L1 = K2 + ROW; // of pass 2
  private static final int L2 = L1 + ROW;
  private static final int N1 = L2 + ROW; // of pass 3
  private static final int N2 = N1 + ROW;
  private static final int END = N2 + ROW;

  private final IntBuffer rows;
  private final LongBuffer pairs; // the same memory

  NhHash() {
    int lineBytes = LINE * Integer.BYTES;
    ByteBuffer memory =
        ByteBuffer.allocateDirect(END * Integer.BYTES + lineBytes)
            .alignedSlice(lineBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    rows = memory.asIntBuffer();
    pairs = memory.asLongBuffer();
  }

  /** Takes the key from {@code bytes}. */
  void key(byte[] bytes, int offset) {
    for (int pass = 0; pass < HASH_WORDS; pass++) {
      int row = J1 + pass * (K1 - J1);
      deal(bytes, offset + pass * STRIDE_BYTES, pairs, row, row + ROW, CHUNK_BYTES / STRIDE_BYTES);
    }
  }

  /**
   * Hashes {@code lengthBytes} bytes, a multiple of 16, of at most a chunk.
   *
   * @param hash takes {@link #HASH_WORDS} little-endian numbers from {@code at} on
   */
  void hash(byte[] bytes, int offset, int lengthBytes, long[] hash, int at) {
    int strides = lengthBytes / STRIDE_BYTES;
    deal(bytes, offset, pairs, M1, M2, strides);
    passes01(rows, 2 * strides, hash, at);
    passes23(rows, 2 * strides, hash, at);
  }

  void wipe() {
    for (int i = 0; i < END / 2; i++) {
      pairs.put(i, 0);
    }
  }

  private static void deal(
      byte[] bytes, int offset, LongBuffer x, int first, int second, int strides) {
    for (int i = 0; i < strides; i++) {
      int at = offset + STRIDE_BYTES * i;
      x.put(first / 2 + i, Words.longAt(bytes, at));
      x.put(second / 2 + i, Words.longAt(bytes, at + 8));
    }
  }

  private static void passes01(IntBuffer x, int products, long[] hash, int at) {
    long sum0 = 0;
    long sum1 = 0;
    int end = Math.min(products, WORDS);
    for (int i = -1; i < end; i++) {
      int m1 = x.get(M1 + i);
      int m2 = x.get(M2 + i);
      sum0 += ((long) (m1 + x.get(J1 + i)) & LOW_WORD) * ((long) (m2 + x.get(J2 + i)) & LOW_WORD);
      sum1 += ((long) (m1 + x.get(K1 + i)) & LOW_WORD) * ((long) (m2 + x.get(K2 + i)) & LOW_WORD);
    }
    hash[at] = sum0;
    hash[at + 1] = sum1;
  }

  private static void passes23(IntBuffer x, int products, long[] hash, int at) {
    long sum2 = 0;
    long sum3 = 0;
    int end = Math.min(products, WORDS);
    for (int i = -1; i < end; i++) {
      int m1 = x.get(M1 + i);
      int m2 = x.get(M2 + i);
      sum2 += ((long) (m1 + x.get(L1 + i)) & LOW_WORD) * ((long) (m2 + x.get(L2 + i)) & LOW_WORD);
      sum3 += ((long) (m1 + x.get(N1 + i)) & LOW_WORD) * ((long) (m2 + x.get(N2 + i)) & LOW_WORD);
    }
    hash[at + 2] = sum2;
    hash[at + 3] = sum3;
  }
}
