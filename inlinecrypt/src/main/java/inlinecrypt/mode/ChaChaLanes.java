package inlinecrypt.mode;

import java.util.Arrays;

/**
 * Many ChaCha blocks made at once, of one message or of several (RFC 8439, 2.3; with a 64-bit block
 * counter). A block is a <em>lane</em>. Not thread-safe.
 *
 * <p>The state lies by words, not by blocks: a row has one word of all lanes, and all rows lie in
 * one array at constant distances. So a double round of all lanes is one loop in which lane i reads
 * and writes at i in each row, and that the compiler turns into the widest vectors there are, with
 * the sixteen words of sixteen lanes in sixteen registers. (Two double rounds a loop would be more
 * than it unrolls, and so no vectors at all.) Lanes are many, as many as a unit of 64 KiB has
 * blocks, because each loop begins and ends lane by lane, up to where the array's address is a
 * multiple of the vector's size: sixteen of them cost as much as 160 others. Rows are a little
 * longer than the lanes need, so that they do not all fall on the same lines of the cache.
 *
 * <p>The loop runs over places in the array. Were it over lanes, from 0, and the places sums, the
 * compiler would make one that does few lanes, those of 4 KiB, in half as much time again.
 *
 * <p>Words of the first state that all lanes have in common are kept once, and not as rows: those
 * of all messages, and in a call for a single one also its key. Which they are is settled outside
 * of loops over rows: with a branch in them, they are slower than with rows of constants.
 */
final class ChaChaLanes {
  static final int LANES = 1024;
  static final int BLOCK_BYTES = 64;

  // Words of a state: four constants, the key, a block counter of 64 bits, 8 bytes of nonce.
  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  private static final int KEY = 4;
  private static final int COUNTER = 12;
  private static final int NONCE = 14;
  private static final int WORDS = 16;
  private static final int ROW = LANES + 48;
  private static final int A = 0;
  private static final int B = 4 * ROW;
  private static final int C = 8 * ROW;
  private static final int D = 12 * ROW;
  private static final int STATE = 10 * ROW; // behind the first state, from KEY to NONCE
  private static final int STREAM_ROW = LANES + 16;
  private static final long LOW_WORD = 0xffff_ffffL;

  private final int[] first = new int[WORDS]; // state, with the key of one message
  private final int[] rows = new int[STATE + 16 * ROW];
  private final long[] stream = new long[WORDS / 2 * STREAM_ROW]; // two words a row
  private int used; // so many lanes hold something

  /** Gives all messages their constants and the end of their nonces. */
  void begin(long nonceEnd) {
    System.arraycopy(SIGMA, 0, first, 0, KEY);
    first[NONCE] = (int) nonceEnd;
    first[NONCE + 1] = (int) (nonceEnd >>> 32);
  }

  /**
   * HChaCha (draft-irtf-cfrg-xchacha, 2.2): makes a key for each message from {@code key} and 16
   * bytes of nonce, all at once. They stay in the state until {@link #makeStream}, a lane for each
   * message.
   */
  void deriveKeys(int doubleRounds, int[] key, byte[] nonces, int count) {
    used = Math.max(used, count);
    System.arraycopy(key, 0, first, KEY, key.length);
    fill(0, COUNTER, count);
    for (int word = COUNTER; word < WORDS; word++) {
      for (int message = 0; message < count; message++) {
        rows[STATE + word * ROW + message] =
            Words.intAt(nonces, 16 * message + 4 * (word - COUNTER));
      }
    }
    for (int round = 0; round < doubleRounds; round++) {
      doubleRound(rows, count);
    }
  }

  /** A word of the key that was made for a message. */
  private int derived(int word, int message) {
    return rows[STATE + (word < KEY ? word : word + 8) * ROW + message];
  }

  /** Gives the key of message 0 to all lanes. */
  void takeKey() {
    for (int word = 0; word < COUNTER - KEY; word++) {
      first[KEY + word] = derived(word, 0);
    }
  }

  /** Puts the key of a message into its lanes. */
  void takeKey(int message, int from, int lanes) {
    for (int word = 0; word < COUNTER - KEY; word++) {
      int row = firstRow(KEY + word) + from;
      Arrays.fill(rows, row, row + lanes, derived(word, message));
    }
  }

  /** Puts the numbers of blocks, from {@code block} on, into the lanes of a message. */
  void number(int from, int lanes, int block) {
    for (int lane = 0; lane < lanes; lane++) {
      rows[firstRow(COUNTER) + from + lane] = block + lane;
    }
  }

  private static int firstRow(int word) {
    return (word - KEY) * ROW;
  }

  /**
   * Takes the first {@code lanes} lanes through all rounds and adds the first state.
   *
   * @param oneKey whether all lanes have one key, and not each the one in its rows
   */
  void makeStream(int doubleRounds, int lanes, boolean oneKey) {
    used = Math.max(used, lanes);
    int constants = oneKey ? COUNTER : KEY; // so many words at the start
    fill(0, constants, lanes);
    for (int word = constants; word < NONCE; word++) {
      System.arraycopy(rows, firstRow(word), rows, STATE + word * ROW, lanes);
    }
    fill(NONCE, WORDS, lanes);
    for (int round = 0; round < doubleRounds; round++) {
      doubleRound(rows, lanes);
    }
    addConstants(0, constants, lanes);
    for (int word = constants; word < NONCE; word += 2) {
      addRows(rows, STATE + word * ROW, firstRow(word), stream, word / 2 * STREAM_ROW, lanes);
    }
    addConstants(NONCE, WORDS, lanes);
  }

  /** Adds what the lanes from {@code lane} on have become to so many blocks of data. */
  void xor(int lane, byte[] data, int offset, int blocks) {
    xorStream(stream, lane, data, offset, blocks);
  }

  void wipe() {
    Arrays.fill(first, 0);
    for (int row = 0; row < rows.length; row += ROW) {
      Arrays.fill(rows, row, row + used, 0);
    }
    for (int row = 0; row < stream.length; row += STREAM_ROW) {
      Arrays.fill(stream, row, row + used, 0);
    }
    used = 0;
  }

  /** Puts words of the first state that all lanes have in common into their rows. */
  private void fill(int from, int to, int lanes) {
    for (int word = from; word < to; word++) {
      Arrays.fill(rows, STATE + word * ROW, STATE + word * ROW + lanes, first[word]);
    }
  }

  private void addConstants(int from, int to, int lanes) {
    for (int word = from; word < to; word += 2) {
      addPair(
          rows,
          STATE + word * ROW,
          first[word],
          first[word + 1],
          stream,
          word / 2 * STREAM_ROW,
          lanes);
    }
  }

  private static void doubleRound(int[] x, int lanes) {
    for (int i = STATE; i < STATE + lanes; i++) {
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
}
