package inlinecrypt.reference;

import java.util.Arrays;

/**
 * The XChaCha stream: ChaCha's round function from RFC 8439, section 2; HChaCha and the 24-byte
 * nonce from draft-irtf-cfrg-xchacha-03, section 2, with the original 64-bit block counter; 12 or
 * 20 rounds in both.
 */
final class XChaCha {
  static final int NONCE_BYTES = 24;

  private static final int BLOCK_BYTES = 64;
  private static final int[] CONSTANT = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int doubleRounds;
  private final int[] key = new int[8];
  private final int[] subkey = new int[8];
  private final int[] initial = new int[16];
  private final int[] state = new int[16];

  XChaCha(byte[] key, int rounds) {
    doubleRounds = rounds / 2;
    for (int i = 0; i < 8; i++) {
      this.key[i] = word(key, 4 * i);
    }
  }

  /** Adds the stream of {@code nonce} to the first {@code lengthBytes} bytes of {@code data}. */
  void xorStream(byte[] nonce, byte[] data, int lengthBytes) {
    hchacha(nonce);
    set(subkey, 0, 0, word(nonce, 16), word(nonce, 20));
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      System.arraycopy(initial, 0, state, 0, state.length);
      permute();
      int end = Math.min(BLOCK_BYTES, lengthBytes - at);
      for (int i = 0; i < end; i++) {
        int word = state[i / 4] + initial[i / 4]; // RFC 8439, 2.3: little-endian words
        data[at + i] ^= (byte) (word >> 8 * (i % 4));
      }
      if (++initial[12] == 0) {
        initial[13]++;
      }
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(subkey, 0);
    Arrays.fill(initial, 0);
    Arrays.fill(state, 0);
  }

  /** HChaCha, 2.2 of the draft: the subkey of the first 16 nonce bytes, with no final addition. */
  private void hchacha(byte[] nonce) {
    set(key, word(nonce, 0), word(nonce, 4), word(nonce, 8), word(nonce, 12));
    System.arraycopy(initial, 0, state, 0, state.length);
    permute();
    System.arraycopy(state, 0, subkey, 0, 4);
    System.arraycopy(state, 12, subkey, 4, 4);
  }

  /** The matrix of RFC 8439, 2.3. */
  private void set(int[] keyWords, int word12, int word13, int word14, int word15) {
    System.arraycopy(CONSTANT, 0, initial, 0, 4);
    System.arraycopy(keyWords, 0, initial, 4, 8);
    initial[12] = word12;
    initial[13] = word13;
    initial[14] = word14;
    initial[15] = word15;
  }

  /** inner_block of RFC 8439, 2.3.1, as often as there are double rounds. */
  private void permute() {
    for (int round = 0; round < doubleRounds; round++) {
      quarterRound(0, 4, 8, 12);
      quarterRound(1, 5, 9, 13);
      quarterRound(2, 6, 10, 14);
      quarterRound(3, 7, 11, 15);
      quarterRound(0, 5, 10, 15);
      quarterRound(1, 6, 11, 12);
      quarterRound(2, 7, 8, 13);
      quarterRound(3, 4, 9, 14);
    }
  }

  /** RFC 8439, 2.1. */
  private void quarterRound(int a, int b, int c, int d) {
    state[a] += state[b];
    state[d] = Integer.rotateLeft(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = Integer.rotateLeft(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = Integer.rotateLeft(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = Integer.rotateLeft(state[b] ^ state[c], 7);
  }

  /** A little-endian word. */
  static int word(byte[] bytes, int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }
}
