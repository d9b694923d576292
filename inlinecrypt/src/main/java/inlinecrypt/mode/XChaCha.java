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
 * it unrolls, and so no vectors at all.) Lanes are many, because each loop begins and ends lane by
 * lane, up to where the array's address is a multiple of the vector's size; with twice as many, the
 * arrays outgrow their caches. Rows are a little longer than the lanes need, so that they do not
 * all fall on the same lines of the cache.
 */
final class XChaCha {
  static final int KEY_WORDS = 8;
  static final int BLOCK_BYTES = 64;
  static final int LANES = 512;
  static final int NONCE_BYTES = 16; // of the part that differs from message to message

  private static final int ROW = LANES + 16;
  private static final int A = 0;
  private static final int B = 4 * ROW;
  private static final int C = 8 * ROW;
  private static final int D = 12 * ROW;
  private static final int STATE = 16 * ROW; // behind the rows of the first state
  private static final int PAIRS = 8; // of words in a block
  private static final long LOW_WORD = 0xffff_ffffL;
  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int doubleRounds;
  private final int[] key = new int[KEY_WORDS];
  private final int[] derived = new int[KEY_WORDS]; // of the message that HChaCha was for
  private final int[] rows = new int[2 * STATE]; // before the first round, and after
  private final long[] stream = new long[PAIRS * LANES]; // two words of each block a row

  XChaCha(int rounds) {
    this.doubleRounds = rounds / 2;
    for (int word = 0; word < SIGMA.length; word++) {
      Arrays.fill(rows, A + word * ROW, A + (word + 1) * ROW, SIGMA[word]);
    }
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
    Arrays.fill(rows, D + 2 * ROW, D + 3 * ROW, (int) nonceEnd);
    Arrays.fill(rows, D + 3 * ROW, D + 4 * ROW, (int) (nonceEnd >>> 32));
    int lanesEach = Math.min(blocks, LANES);
    for (int message = 0; message < count; message++) {
      hchacha(
          Words.longAt(nonces, message * NONCE_BYTES),
          Words.longAt(nonces, message * NONCE_BYTES + 8));
      fill(message * lanesEach, lanesEach);
    }
    for (int done = 0; done < blocks; done += LANES) {
      int lanes = Math.min(LANES, blocks - done);
      makeStream(count * lanes);
      for (int message = 0; message < count; message++) {
        xorStream(stream, message * lanes, data, message * distance + done * BLOCK_BYTES, lanes);
      }
      for (int lane = 0; lane < lanes; lane++) {
        rows[D + lane] += LANES; // a second turn has one message only, far below 2^32 blocks
      }
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(derived, 0);
    Arrays.fill(rows, 0);
    Arrays.fill(stream, 0);
  }

  /** Puts the derived key and the block numbers from 0 into the lanes of a message. */
  private void fill(int from, int lanes) {
    for (int word = 0; word < KEY_WORDS; word++) {
      int row = B + word * ROW + from;
      Arrays.fill(rows, row, row + lanes, derived[word]);
    }
    for (int block = 0; block < lanes; block++) {
      rows[D + from + block] = block;
    }
  }

  /** Takes the first {@code lanes} lanes through all rounds and adds the first state. */
  private void makeStream(int lanes) {
    for (int row = 0; row < STATE; row += ROW) {
      System.arraycopy(rows, row, rows, STATE + row, lanes);
    }
    for (int round = 0; round < doubleRounds; round++) {
      doubleRound(rows, lanes);
    }
    for (int pair = 0; pair < PAIRS; pair++) {
      addPair(rows, 2 * pair * ROW, stream, pair * LANES, lanes);
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
  private static void addPair(int[] x, int row, long[] sums, int to, int lanes) {
    for (int i = 0; i < lanes; i++) {
      sums[to + i] =
          (x[row + i] + x[STATE + row + i]) & LOW_WORD
              | (long) (x[row + ROW + i] + x[STATE + row + ROW + i]) << 32;
    }
  }

  /** Back from rows to blocks. */
  private static void xorStream(long[] stream, int lane, byte[] data, int offset, int blocks) {
    for (int block = 0; block < blocks; block++) {
      int at = offset + block * BLOCK_BYTES;
      int i = lane + block;
      Words.put(data, at, Words.longAt(data, at) ^ stream[i]);
      Words.put(data, at + 8, Words.longAt(data, at + 8) ^ stream[LANES + i]);
      Words.put(data, at + 16, Words.longAt(data, at + 16) ^ stream[2 * LANES + i]);
      Words.put(data, at + 24, Words.longAt(data, at + 24) ^ stream[3 * LANES + i]);
      Words.put(data, at + 32, Words.longAt(data, at + 32) ^ stream[4 * LANES + i]);
      Words.put(data, at + 40, Words.longAt(data, at + 40) ^ stream[5 * LANES + i]);
      Words.put(data, at + 48, Words.longAt(data, at + 48) ^ stream[6 * LANES + i]);
      Words.put(data, at + 56, Words.longAt(data, at + 56) ^ stream[7 * LANES + i]);
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
    derived[0] = a0;
    derived[1] = a1;
    derived[2] = a2;
    derived[3] = a3;
    derived[4] = d0;
    derived[5] = d1;
    derived[6] = d2;
    derived[7] = d3;
  }
}
