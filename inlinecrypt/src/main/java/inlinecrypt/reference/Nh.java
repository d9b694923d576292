package inlinecrypt.reference;

import java.util.Arrays;

/**
 * NH as the Adiantum paper defines it, section 6.3: words of 32 bits, a stride of 2, four rounds,
 * each with the key moved on by four words, and pieces of up to 1024 bytes. The rounds go side by
 * side here instead of one after the other.
 */
final class Nh {
  static final int PIECE_BYTES = 1024;
  static final int ROUNDS = 4;
  static final int OUTPUT_BYTES = 8 * ROUNDS;
  static final int KEY_BYTES = PIECE_BYTES + 16 * (ROUNDS - 1);

  private static final int GROUP_BYTES = 16;

  private final int[] key = new int[KEY_BYTES / 4];
  private final byte[] group = new byte[GROUP_BYTES];

  Nh(byte[] key, int offset) {
    for (int i = 0; i < this.key.length; i++) {
      this.key[i] = XChaCha.word(key, offset + 4 * i);
    }
  }

  /** Hashes the piece from {@code at} to {@code endAt}, filled up with zeros to 16 bytes. */
  void hash(byte[] data, int at, int endAt, byte[] output) {
    Arrays.fill(output, (byte) 0);
    for (int k = 0; at < endAt; at += GROUP_BYTES, k += 4) {
      Bytes.copyPadded(data, at, endAt, group);
      int m0 = XChaCha.word(group, 0);
      int m1 = XChaCha.word(group, 4);
      int m2 = XChaCha.word(group, 8);
      int m3 = XChaCha.word(group, 12);
      for (int round = 0; round < ROUNDS; round++) {
        int p = k + 4 * round;
        long sum =
            product(m0 + key[p], m2 + key[p + 2]) + product(m1 + key[p + 1], m3 + key[p + 3]);
        Bytes.putLittleEndian(output, 8 * round, Bytes.littleEndian(output, 8 * round) + sum);
      }
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(group, (byte) 0);
  }

  private static long product(int a, int b) {
    return Integer.toUnsignedLong(a) * Integer.toUnsignedLong(b);
  }
}
