package inlinecrypt.mode;

import java.util.Arrays;

/**
 * XChaCha with 12 or 20 rounds: HChaCha makes a key from the first 16 bytes of the nonce, ChaCha
 * goes on with the other 8 and a 64-bit block counter from 0 (RFC 8439, 2.3;
 * draft-irtf-cfrg-xchacha, 2.2). Not thread-safe.
 *
 * <p>Many blocks are made at once, of one message or of several: a block is a <em>lane</em>. The
 * state lies by words, not by blocks: a row has one word of all lanes, and all rows lie in one
 * array at constant distances. So a double round of all lanes is one loop in which lane i reads and
 * writes at i in each row, and that the compiler turns into the widest vectors there are, with the
 * sixteen words of sixteen lanes in sixteen registers. (Two double rounds a loop would be more than
 * it unrolls, and so no vectors at all.) Lanes are many, as many as a unit of 64 KiB has blocks,
 * because each loop begins and ends lane by lane, up to where the array's address is a multiple of
 * the vector's size: sixteen of them cost as much as 160 others. Rows are a little longer than the
 * lanes need, so that they do not all fall on the same lines of the cache.
 *
 * <p>Words of the first state that all lanes have in common are kept once, and not as rows: those
 * of all messages, and in a call for a single one also its key. Which they are is settled outside
 * of loops over rows: with a branch in them, they are slower than with rows of constants.
 */
final class XChaCha {
  static final int KEY_WORDS = 8;
  static final int BLOCK_BYTES = 64;
  static final int NONCE_BYTES = 16; // of the part that differs from message to message

  private static final int DERIVED = 4; // words of the state: the key from HChaCha
  private static final int COUNTER = 12;
  private static final int NONCE_END = 14;
  private static final int LANES = 1024;
  private static final int ROW = LANES + 48;
  private static final int A = 0;
  private static final int B = 4 * ROW;
  private static final int C = 8 * ROW;
  private static final int D = 12 * ROW;
  private static final int FIRST = 16 * ROW; // first state, from DERIVED to NONCE_END
  private static final int STREAM_ROW = LANES + 16;
  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int doubleRounds;
  private final int[] key = new int[KEY_WORDS];
  private final int[] first = new int[16]; // state, of the message that HChaCha was for
  private final int[] rows = new int[FIRST + (NONCE_END - DERIVED) * ROW];
  private final long[] stream = new long[first.length / 2 * STREAM_ROW]; // two words a row

  XChaCha(int rounds) {
    this.doubleRounds = rounds / 2;
    System.arraycopy(SIGMA, 0, first, 0, SIGMA.length);
  }

  int[] key() {
    return key;
  }

  /** How many messages of that many blocks fit into one call. */
  static int messagesAtOnce(int blocks) {
    return Math.max(1, LANES / Math.max(1, blocks));
  }

  /**
   * Adds the key stream to messages of whole blocks, each with a nonce of its own.
   *
   * @param nonces the first 16 bytes of each nonce
   * @param nonceEnd what all nonces end with
   * @param distance bytes from the start of one message to that of the next
   * @param count of messages: at most {@link #messagesAtOnce}
   */
  void xor(byte[] nonces, long nonceEnd, byte[] data, int distance, int blocks, int count) {
    first[NONCE_END] = (int) nonceEnd;
    first[NONCE_END + 1] = (int) (nonceEnd >>> 32);
    if (count == 1) {
      hchacha(Words.longAt(nonces, 0), Words.longAt(nonces, 8));
      for (int done = 0; done < blocks; done += LANES) {
        int lanes = Math.min(LANES, blocks - done);
        number(0, lanes, done);
        makeStream(lanes, true);
        xorStream(stream, 0, data, done * BLOCK_BYTES, lanes);
      }
      return;
    }
    for (int message = 0; message < count; message++) {
      hchacha(
          Words.longAt(nonces, message * NONCE_BYTES),
          Words.longAt(nonces, message * NONCE_BYTES + 8));
      fillKey(message * blocks, blocks);
      number(message * blocks, blocks, 0);
    }
    makeStream(count * blocks, false);
    for (int message = 0; message < count; message++) {
      xorStream(stream, message * blocks, data, message * distance, blocks);
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(first, 0);
    Arrays.fill(rows, 0);
    Arrays.fill(stream, 0);
  }

  /** Puts the derived key into the lanes of a message. */
  private void fillKey(int from, int lanes) {
    for (int word = DERIVED; word < COUNTER; word++) {
      int row = firstRow(word) + from;
      Arrays.fill(rows, row, row + lanes, first[word]);
    }
  }

  /** Puts the numbers of blocks, from {@code block} on, into the lanes of a message. */
  private void number(int from, int lanes, int block) {
    for (int lane = 0; lane < lanes; lane++) {
      rows[firstRow(COUNTER) + from + lane] = block + lane;
    }
  }

  private static int firstRow(int word) {
    return FIRST + (word - DERIVED) * ROW;
  }

  /**
   * Takes the first {@code lanes} lanes through all rounds and adds the first state.
   *
   * @param oneKey whether all lanes have the derived key in {@link #first}, and not in their rows
   */
  private void makeStream(int lanes, boolean oneKey) {
    int constants = oneKey ? COUNTER : DERIVED; // so many words at the start
    begin(0, constants, lanes);
    for (int word = constants; word < NONCE_END; word++) {
      System.arraycopy(rows, firstRow(word), rows, word * ROW, lanes);
    }
    begin(NONCE_END, first.length, lanes);
    for (int round = 0; round < doubleRounds; round++) {
      doubleRound(rows, lanes);
    }
    addConstants(0, constants, lanes);
    for (int word = constants; word < NONCE_END; word += 2) {
      addRows(rows, word * ROW, firstRow(word), stream, word / 2 * STREAM_ROW, lanes);
    }
    addConstants(NONCE_END, first.length, lanes);
  }

  /** Puts words of the first state that all lanes have in common into their rows. */
  private void begin(int from, int to, int lanes) {
    for (int word = from; word < to; word++) {
      Arrays.fill(rows, word * ROW, word * ROW + lanes, first[word]);
    }
  }

  private void addConstants(int from, int to, int lanes) {
    for (int word = from; word < to; word += 2) {
      addPair(rows, word * ROW, first[word], first[word + 1], stream, word / 2 * STREAM_ROW, lanes);
    }
  }

  private static void doubleRound(int[] x, int lanes) {
    for (int i = 0; i < lanes; i++) {
      int a0 = x[A + i];
      int a1 = x[A + ROW + i];
      int a2 = x[A + 2 * ROW + i];
      int a3 = x[A + 3 * ROW + i];
      int b0 = x[B + i];
      int b1 = x[B + ROW + i];
      int b2 = x[B + 2 * ROW + i];
      int b3 = x[B + 3 * ROW + i];
      int c0 = x[C + i];
      int c1 = x[C + ROW + i];
      int c2 = x[C + 2 * ROW + i];
      int c3 = x[C + 3 * ROW + i];
      int d0 = x[D + i];
      int d1 = x[D + ROW + i];
      int d2 = x[D + 2 * ROW + i];
      int d3 = x[D + 3 * ROW + i];
      // The columns.
      a0 += b0;
      d0 = Integer.rotateLeft(d0 ^ a0, 16);
      c0 += d0;
      b0 = Integer.rotateLeft(b0 ^ c0, 12);
      a0 += b0;
      d0 = Integer.rotateLeft(d0 ^ a0, 8);
      c0 += d0;
      b0 = Integer.rotateLeft(b0 ^ c0, 7);
      a1 += b1;
      d1 = Integer.rotateLeft(d1 ^ a1, 16);
      c1 += d1;
      b1 = Integer.rotateLeft(b1 ^ c1, 12);
      a1 += b1;
      d1 = Integer.rotateLeft(d1 ^ a1, 8);
      c1 += d1;
      b1 = Integer.rotateLeft(b1 ^ c1, 7);
      a2 += b2;
      d2 = Integer.rotateLeft(d2 ^ a2, 16);
      c2 += d2;
      b2 = Integer.rotateLeft(b2 ^ c2, 12);
      a2 += b2;
      d2 = Integer.rotateLeft(d2 ^ a2, 8);
      c2 += d2;
      b2 = Integer.rotateLeft(b2 ^ c2, 7);
      a3 += b3;
      d3 = Integer.rotateLeft(d3 ^ a3, 16);
      c3 += d3;
      b3 = Integer.rotateLeft(b3 ^ c3, 12);
      a3 += b3;
      d3 = Integer.rotateLeft(d3 ^ a3, 8);
      c3 += d3;
      b3 = Integer.rotateLeft(b3 ^ c3, 7);
      // The diagonals.
      a0 += b1;
      d3 = Integer.rotateLeft(d3 ^ a0, 16);
      c2 += d3;
      b1 = Integer.rotateLeft(b1 ^ c2, 12);
      a0 += b1;
      d3 = Integer.rotateLeft(d3 ^ a0, 8);
      c2 += d3;
      b1 = Integer.rotateLeft(b1 ^ c2, 7);
      a1 += b2;
      d0 = Integer.rotateLeft(d0 ^ a1, 16);
      c3 += d0;
      b2 = Integer.rotateLeft(b2 ^ c3, 12);
      a1 += b2;
      d0 = Integer.rotateLeft(d0 ^ a1, 8);
      c3 += d0;
      b2 = Integer.rotateLeft(b2 ^ c3, 7);
      a2 += b3;
      d1 = Integer.rotateLeft(d1 ^ a2, 16);
      c0 += d1;
      b3 = Integer.rotateLeft(b3 ^ c0, 12);
      a2 += b3;
      d1 = Integer.rotateLeft(d1 ^ a2, 8);
      c0 += d1;
      b3 = Integer.rotateLeft(b3 ^ c0, 7);
      a3 += b0;
      d2 = Integer.rotateLeft(d2 ^ a3, 16);
      c1 += d2;
      b0 = Integer.rotateLeft(b0 ^ c1, 12);
      a3 += b0;
      d2 = Integer.rotateLeft(d2 ^ a3, 8);
      c1 += d2;
      b0 = Integer.rotateLeft(b0 ^ c1, 7);
      x[A + i] = a0;
      x[A + ROW + i] = a1;
      x[A + 2 * ROW + i] = a2;
      x[A + 3 * ROW + i] = a3;
      x[B + i] = b0;
      x[B + ROW + i] = b1;
      x[B + 2 * ROW + i] = b2;
      x[B + 3 * ROW + i] = b3;
      x[C + i] = c0;
      x[C + ROW + i] = c1;
      x[C + 2 * ROW + i] = c2;
      x[C + 3 * ROW + i] = c3;
      x[D + i] = d0;
      x[D + ROW + i] = d1;
      x[D + 2 * ROW + i] = d2;
      x[D + 3 * ROW + i] = d3;
    }
  }

  /** Adds the first state to the last, of two rows, and joins their words. */
  private static void addRows(int[] x, int row, int firstRow, long[] sums, int to, int lanes) {
    for (int i = 0; i < lanes; i++) {
      sums[to + i] =
          (x[firstRow + i] + x[row + i]) & LOW_WORD
              | (long) (x[firstRow + ROW + i] + x[row + ROW + i]) << 32;
    }
  }

  /** The same where all lanes begin with the same two words. */
  private static void addPair(
      int[] x, int row, int first, int second, long[] sums, int to, int lanes) {
    for (int i = 0; i < lanes; i++) {
      sums[to + i] = (first + x[row + i]) & LOW_WORD | (long) (second + x[row + ROW + i]) << 32;
    }
  }

  /** Back from rows to blocks. */
  private static void xorStream(long[] stream, int lane, byte[] data, int offset, int blocks) {
    for (int block = 0; block < blocks; block++) {
      int at = offset + block * BLOCK_BYTES;
      int i = lane + block;
      Words.put(data, at, Words.longAt(data, at) ^ stream[i]);
      Words.put(data, at + 8, Words.longAt(data, at + 8) ^ stream[STREAM_ROW + i]);
      Words.put(data, at + 16, Words.longAt(data, at + 16) ^ stream[2 * STREAM_ROW + i]);
      Words.put(data, at + 24, Words.longAt(data, at + 24) ^ stream[3 * STREAM_ROW + i]);
      Words.put(data, at + 32, Words.longAt(data, at + 32) ^ stream[4 * STREAM_ROW + i]);
      Words.put(data, at + 40, Words.longAt(data, at + 40) ^ stream[5 * STREAM_ROW + i]);
      Words.put(data, at + 48, Words.longAt(data, at + 48) ^ stream[6 * STREAM_ROW + i]);
      Words.put(data, at + 56, Words.longAt(data, at + 56) ^ stream[7 * STREAM_ROW + i]);
    }
  }

  /** Makes the key of a message. */
  private void hchacha(long nonce0, long nonce1) {
    int a0 = SIGMA[0];
    int a1 = SIGMA[1];
    int a2 = SIGMA[2];
    int a3 = SIGMA[3];
    int b0 = key[0];
    int b1 = key[1];
    int b2 = key[2];
    int b3 = key[3];
    int c0 = key[4];
    int c1 = key[5];
    int c2 = key[6];
    int c3 = key[7];
    int d0 = (int) nonce0;
    int d1 = (int) (nonce0 >>> 32);
    int d2 = (int) nonce1;
    int d3 = (int) (nonce1 >>> 32);
    for (int round = 0; round < doubleRounds; round++) {
      a0 += b0;
      d0 = Integer.rotateLeft(d0 ^ a0, 16);
      c0 += d0;
      b0 = Integer.rotateLeft(b0 ^ c0, 12);
      a0 += b0;
      d0 = Integer.rotateLeft(d0 ^ a0, 8);
      c0 += d0;
      b0 = Integer.rotateLeft(b0 ^ c0, 7);
      a1 += b1;
      d1 = Integer.rotateLeft(d1 ^ a1, 16);
      c1 += d1;
      b1 = Integer.rotateLeft(b1 ^ c1, 12);
      a1 += b1;
      d1 = Integer.rotateLeft(d1 ^ a1, 8);
      c1 += d1;
      b1 = Integer.rotateLeft(b1 ^ c1, 7);
      a2 += b2;
      d2 = Integer.rotateLeft(d2 ^ a2, 16);
      c2 += d2;
      b2 = Integer.rotateLeft(b2 ^ c2, 12);
      a2 += b2;
      d2 = Integer.rotateLeft(d2 ^ a2, 8);
      c2 += d2;
      b2 = Integer.rotateLeft(b2 ^ c2, 7);
      a3 += b3;
      d3 = Integer.rotateLeft(d3 ^ a3, 16);
      c3 += d3;
      b3 = Integer.rotateLeft(b3 ^ c3, 12);
      a3 += b3;
      d3 = Integer.rotateLeft(d3 ^ a3, 8);
      c3 += d3;
      b3 = Integer.rotateLeft(b3 ^ c3, 7);
      a0 += b1;
      d3 = Integer.rotateLeft(d3 ^ a0, 16);
      c2 += d3;
      b1 = Integer.rotateLeft(b1 ^ c2, 12);
      a0 += b1;
      d3 = Integer.rotateLeft(d3 ^ a0, 8);
      c2 += d3;
      b1 = Integer.rotateLeft(b1 ^ c2, 7);
      a1 += b2;
      d0 = Integer.rotateLeft(d0 ^ a1, 16);
      c3 += d0;
      b2 = Integer.rotateLeft(b2 ^ c3, 12);
      a1 += b2;
      d0 = Integer.rotateLeft(d0 ^ a1, 8);
      c3 += d0;
      b2 = Integer.rotateLeft(b2 ^ c3, 7);
      a2 += b3;
      d1 = Integer.rotateLeft(d1 ^ a2, 16);
      c0 += d1;
      b3 = Integer.rotateLeft(b3 ^ c0, 12);
      a2 += b3;
      d1 = Integer.rotateLeft(d1 ^ a2, 8);
      c0 += d1;
      b3 = Integer.rotateLeft(b3 ^ c0, 7);
      a3 += b0;
      d2 = Integer.rotateLeft(d2 ^ a3, 16);
      c1 += d2;
      b0 = Integer.rotateLeft(b0 ^ c1, 12);
      a3 += b0;
      d2 = Integer.rotateLeft(d2 ^ a3, 8);
      c1 += d2;
      b0 = Integer.rotateLeft(b0 ^ c1, 7);
    }
    first[DERIVED] = a0;
    first[DERIVED + 1] = a1;
    first[DERIVED + 2] = a2;
    first[DERIVED + 3] = a3;
    first[DERIVED + 4] = d0;
    first[DERIVED + 5] = d1;
    first[DERIVED + 6] = d2;
    first[DERIVED + 7] = d3;
  }
}
