package inlinecrypt.mode;

import java.util.Arrays;

/**
 * NH as Adiantum uses it (paper, 2.2 and appendix A): four passes, each over the message with the key
 * moved on by 16 bytes; up to 1024 bytes of message become 32 bytes of hash. Not thread-safe.
 */
final class NhHash {
  static final int KEY_WORDS = 268; // 1024 bytes of message, and 12 words for the other passes
  static final int CHUNK_BYTES = 1024;

  private static final long LOW_WORD = 0xffff_ffffL;

  private final int[] key = new int[KEY_WORDS];
  long hash0;
  long hash1;
  long hash2;
  long hash3;

  int[] key() {
    return key;
  }

  /** Hashes {@code lengthBytes} bytes, a multiple of 16 up to 1024, into the four fields. */
  void hash(byte[] message, int offset, int lengthBytes) {
    long sum0 = 0;
    long sum1 = 0;
    long sum2 = 0;
    long sum3 = 0;
    int[] k = key;
    int strides = lengthBytes >> 4;
    for (int stride = 0; stride < strides; stride++) {
      int at = offset + 16 * stride;
      int i = 4 * stride;
      int m0 = Words.intAt(message, at);
      int m1 = Words.intAt(message, at + 4);
      int m2 = Words.intAt(message, at + 8);
      int m3 = Words.intAt(message, at + 12);
      sum0 += product(m0 + k[i], m2 + k[i + 2]) + product(m1 + k[i + 1], m3 + k[i + 3]);
      sum1 += product(m0 + k[i + 4], m2 + k[i + 6]) + product(m1 + k[i + 5], m3 + k[i + 7]);
      sum2 += product(m0 + k[i + 8], m2 + k[i + 10]) + product(m1 + k[i + 9], m3 + k[i + 11]);
      sum3 += product(m0 + k[i + 12], m2 + k[i + 14]) + product(m1 + k[i + 13], m3 + k[i + 15]);
    }
    hash0 = sum0;
    hash1 = sum1;
    hash2 = sum2;
    hash3 = sum3;
  }

  void wipe() {
    Arrays.fill(key, 0);
  }

  private static long product(int a, int b) {
    return (a & LOW_WORD) * (b & LOW_WORD);
  }
}
