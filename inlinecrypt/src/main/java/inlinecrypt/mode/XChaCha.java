package inlinecrypt.mode;

import java.util.Arrays;

/**
 * XChaCha with 12 or 20 rounds: HChaCha makes a key from the first 16 bytes of the nonce, ChaCha
 * goes on with the other 8 and a 64-bit block counter from 0 (RFC 8439, 2.3;
 * draft-irtf-cfrg-xchacha, 2.2). Not thread-safe.
 *
 * <p>64 blocks are made at once. The state lies by words, not by blocks: word j of all blocks, then
 * word j + 1. So a quarter round of all columns of all blocks is one loop with constant distances,
 * which the compiler turns into the widest vectors there are. For the diagonals the rows are
 * shifted by a column each, which here means copying what falls off one end of a row to the other.
 */
final class XChaCha {
  static final int KEY_WORDS = 8;

  private static final int BLOCK_BYTES = 64;
  private static final int BLOCKS = 64;
  private static final int ROW = 4 * BLOCKS; // a row has four words of each block
  private static final int A = 0;
  private static final int B = ROW; // and a column to the right
  private static final int C = B + ROW + BLOCKS; // and two
  private static final int D = C + ROW + 3 * BLOCKS; // and one to the left
  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int doubleRounds;
  private final int[] key = new int[KEY_WORDS];
  private final int[] state = new int[D + ROW];
  private final int[] first = new int[16]; // the state of block 0 before the rounds

  XChaCha(int rounds) {
    this.doubleRounds = rounds / 2;
  }

  int[] key() {
    return key;
  }

  /**
   * Adds the key stream to {@code lengthBytes} bytes, of which the array has 7 more.
   *
   * @param nonce0 bytes 0 to 7 of the nonce, and so on
   */
  void xor(long nonce0, long nonce1, long nonce2, byte[] data, int lengthBytes) {
    hchacha(nonce0, nonce1);
    first[12] = 0;
    first[13] = 0;
    first[14] = (int) nonce2;
    first[15] = (int) (nonce2 >>> 32);
    for (int done = 0; done < lengthBytes; done += BLOCKS * BLOCK_BYTES) {
      fill();
      rounds(state, doubleRounds);
      add(data, done, Math.min(BLOCKS * BLOCK_BYTES, lengthBytes - done));
      first[12] += BLOCKS; // data units end far below 2^32 blocks
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(first, 0);
    Arrays.fill(state, 0);
  }

  private void fill() {
    for (int word = 0; word < 4; word++) {
      Arrays.fill(state, A + word * BLOCKS, A + (word + 1) * BLOCKS, first[word]);
      Arrays.fill(state, B + word * BLOCKS, B + (word + 1) * BLOCKS, first[4 + word]);
      Arrays.fill(state, C + word * BLOCKS, C + (word + 1) * BLOCKS, first[8 + word]);
      Arrays.fill(state, D + word * BLOCKS, D + (word + 1) * BLOCKS, first[12 + word]);
    }
    for (int block = 0; block < BLOCKS; block++) {
      state[D + block] += block;
    }
  }

  private static void rounds(int[] x, int doubleRounds) {
    for (int round = 0; round < doubleRounds; round++) {
      columns(x);
      System.arraycopy(x, B, x, B + ROW, BLOCKS);
      System.arraycopy(x, C, x, C + ROW, 2 * BLOCKS);
      System.arraycopy(x, D + 3 * BLOCKS, x, D - BLOCKS, BLOCKS);
      diagonals(x);
      System.arraycopy(x, B + ROW, x, B, BLOCKS);
      System.arraycopy(x, C + ROW, x, C, 2 * BLOCKS);
      System.arraycopy(x, D - BLOCKS, x, D + 3 * BLOCKS, BLOCKS);
    }
  }

  private static void columns(int[] x) {
    for (int i = 0; i < ROW; i++) {
      int a = x[A + i] + x[B + i];
      int d = Integer.rotateLeft(x[D + i] ^ a, 16);
      int c = x[C + i] + d;
      int b = Integer.rotateLeft(x[B + i] ^ c, 12);
      a += b;
      d = Integer.rotateLeft(d ^ a, 8);
      c += d;
      b = Integer.rotateLeft(b ^ c, 7);
      x[A + i] = a;
      x[B + i] = b;
      x[C + i] = c;
      x[D + i] = d;
    }
  }

  private static void diagonals(int[] x) {
    for (int i = 0; i < ROW; i++) {
      int a = x[A + i] + x[B + BLOCKS + i];
      int d = Integer.rotateLeft(x[D - BLOCKS + i] ^ a, 16);
      int c = x[C + 2 * BLOCKS + i] + d;
      int b = Integer.rotateLeft(x[B + BLOCKS + i] ^ c, 12);
      a += b;
      d = Integer.rotateLeft(d ^ a, 8);
      c += d;
      b = Integer.rotateLeft(b ^ c, 7);
      x[A + i] = a;
      x[B + BLOCKS + i] = b;
      x[C + 2 * BLOCKS + i] = c;
      x[D - BLOCKS + i] = d;
    }
  }

  /** Adds the first state to the last, and that to the data. */
  private void add(byte[] data, int offset, int lengthBytes) {
    addRow(A, 0, data, offset, lengthBytes);
    addRow(B, 4, data, offset, lengthBytes);
    addRow(C, 8, data, offset, lengthBytes);
    addRow(D, 12, data, offset, lengthBytes);
  }

  private void addRow(int row, int word, byte[] data, int offset, int lengthBytes) {
    int[] x = state;
    int f0 = first[word];
    int f1 = first[word + 1];
    int f2 = first[word + 2];
    int f3 = first[word + 3];
    int counting = word == 12 ? 1 : 0;
    int rowOffset = 4 * word;
    int blocks = (lengthBytes - rowOffset + BLOCK_BYTES - 1) / BLOCK_BYTES;
    for (int block = 0; block < blocks; block++) {
      int at = offset + block * BLOCK_BYTES + rowOffset;
      int end = offset + lengthBytes - at;
      int w0 = x[row + block] + f0 + (block & -counting);
      int w1 = x[row + BLOCKS + block] + f1;
      int w2 = x[row + 2 * BLOCKS + block] + f2;
      int w3 = x[row + 3 * BLOCKS + block] + f3;
      long low = w0 & 0xffff_ffffL | (long) w1 << 32;
      long high = w2 & 0xffff_ffffL | (long) w3 << 32;
      if (end < 16) {
        if (end < 8) {
          low &= ~(-1L << 8 * end);
          high = 0;
        } else {
          high &= ~(-1L << 8 * (end - 8));
        }
      }
      Words.put(data, at, Words.longAt(data, at) ^ low);
      Words.put(data, at + 8, Words.longAt(data, at + 8) ^ high);
    }
  }

  /** Puts SIGMA and the derived key into {@link #first}. */
  private void hchacha(long nonce0, long nonce1) {
    int[] x = first;
    System.arraycopy(SIGMA, 0, x, 0, 4);
    System.arraycopy(key, 0, x, 4, KEY_WORDS);
    x[12] = (int) nonce0;
    x[13] = (int) (nonce0 >>> 32);
    x[14] = (int) nonce1;
    x[15] = (int) (nonce1 >>> 32);
    for (int round = 0; round < doubleRounds; round++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    System.arraycopy(x, 0, x, 4, 4);
    System.arraycopy(x, 12, x, 8, 4);
    System.arraycopy(SIGMA, 0, x, 0, 4);
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }
}
