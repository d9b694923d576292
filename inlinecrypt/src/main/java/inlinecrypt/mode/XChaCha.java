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
    lanes.begin(nonceEnd);
    lanes.deriveKeys(doubleRounds, key, nonces, count);
    if (count == 1) {
      lanes.takeKey();
      for (int done = 0; done < blocks; done += ChaChaLanes.LANES) {
        int some = Math.min(ChaChaLanes.LANES, blocks - done);
        lanes.number(0, some, done);
        lanes.makeStream(doubleRounds, some, true);
        lanes.xor(0, data, done * BLOCK_BYTES, some);
      }
      return;
    }
    for (int message = 0; message < count; message++) {
      lanes.takeKey(message, message * blocks, blocks);
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
}
