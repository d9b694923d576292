package inlinecrypt.mode;

import java.util.Arrays;

/**
 * XChaCha with 12 or 20 rounds: HChaCha makes a key from the first 16 bytes of the nonce, ChaCha
 * goes on with the other 8 and a 64-bit block counter from 0 (draft-irtf-cfrg-xchacha, 2.2). Not
 * thread-safe.
 */
final class XChaCha {
  static final int KEY_WORDS = 8;
  static final int BLOCK_BYTES = ChaChaLanes.BLOCK_BYTES;
  static final int NONCE_BYTES = 16; // of the part that differs from message to message

  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int doubleRounds;
  private final int[] key = new int[KEY_WORDS];

  XChaCha(int rounds) {
    this.doubleRounds = rounds / 2;
  }

  int[] key() {
    return key;
  }

  /** How many messages of that many blocks fit into one call. */
  static int messagesAtOnce(int blocks) {
    return Math.max(1, ChaChaLanes.LANES / Math.max(1, blocks));
  }

  /**
   * Adds the key stream to messages of whole blocks, each with a nonce of its own.
   *
   * @param lanes where the stream is made
   * @param nonces the first 16 bytes of each nonce
   * @param nonceEnd what all nonces end with
   * @param distance bytes from the start of one message to that of the next
   * @param count of messages: at most {@link #messagesAtOnce}
   */
  void xor(
      ChaChaLanes lanes,
      byte[] nonces,
      long nonceEnd,
      byte[] data,
      int distance,
      int blocks,
      int count) {
    lanes.begin(SIGMA, nonceEnd);
    if (count == 1) {
      hchacha(Words.longAt(nonces, 0), Words.longAt(nonces, 8), lanes.first(), ChaChaLanes.KEY);
      for (int done = 0; done < blocks; done += ChaChaLanes.LANES) {
        int some = Math.min(ChaChaLanes.LANES, blocks - done);
        lanes.number(0, some, done);
        lanes.makeStream(doubleRounds, some, true);
        lanes.xor(0, data, done * BLOCK_BYTES, some);
      }
      return;
    }
    for (int message = 0; message < count; message++) {
      hchacha(
          Words.longAt(nonces, message * NONCE_BYTES),
          Words.longAt(nonces, message * NONCE_BYTES + 8),
          lanes.first(),
          ChaChaLanes.KEY);
      lanes.fillKey(message * blocks, blocks);
      lanes.number(message * blocks, blocks, 0);
    }
    lanes.makeStream(doubleRounds, count * blocks, false);
    for (int message = 0; message < count; message++) {
      lanes.xor(message * blocks, data, message * distance, blocks);
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
  }

  /** Makes the key of a message, and puts it into {@code derived} from {@code at} on. */
  private void hchacha(long nonce0, long nonce1, int[] derived, int at) {
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
    derived[at] = a0;
    derived[at + 1] = a1;
    derived[at + 2] = a2;
    derived[at + 3] = a3;
    derived[at + 4] = d0;
    derived[at + 5] = d1;
    derived[at + 6] = d2;
    derived[at + 7] = d3;
  }
}
