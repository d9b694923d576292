package inlinecrypt.reference;

import java.util.Arrays;

/**
 * AES-128 and AES-256, one block at a time, from NIST FIPS 197 (2001). Section and figure numbers
 * are of that paper; its names are kept.
 *
 * <p>The state lies as the paper's input bytes do: row r of column c is {@code state[4c + r]}
 * (3.4). The S-box, and the products that the column steps need, are computed once from their
 * definitions. Not thread-safe.
 */
final class Aes implements BlockCipher {
  private static final int FIELD_POLYNOMIAL = 0x11b; // m(x), 4.2
  private static final int AFFINE_CONSTANT = 0x63; // c, 5.1.1

  private static final int[] S_BOX = new int[256];
  private static final int[] INVERSE_S_BOX = new int[256];

  static {
    for (int value = 0; value < 256; value++) {
      S_BOX[value] = affine(inverse(value));
      INVERSE_S_BOX[S_BOX[value]] = value;
    }
  }

  private static final int[] TIMES_1 = products(0x01);
  private static final int[] TIMES_2 = products(0x02);
  private static final int[] TIMES_3 = products(0x03);
  private static final int[] TIMES_9 = products(0x09);
  private static final int[] TIMES_B = products(0x0b);
  private static final int[] TIMES_D = products(0x0d);
  private static final int[] TIMES_E = products(0x0e);

  private final int keyBytes; // 4 Nk, figure 4
  private final int rounds; // Nr, figure 4
  private final int[] w; // the key schedule, 5.2, as bytes
  private final int[] state = new int[BLOCK_BYTES];
  private final int[] shifted = new int[BLOCK_BYTES];

  /** Takes the {@code keyBytes} bytes, 16 or 32, of {@code key} from {@code offset} on. */
  Aes(byte[] key, int offset, int keyBytes) {
    this.keyBytes = keyBytes;
    rounds = keyBytes / 4 + 6;
    w = new int[BLOCK_BYTES * (rounds + 1)];
    setKey(key, offset);
  }

  /** Cipher(), 5.1, on the 16 bytes of {@code block}. */
  @Override
  public void encrypt(byte[] block) {
    load(block);
    addRoundKey(0);
    for (int round = 1; round < rounds; round++) {
      substituteBytes(S_BOX);
      shiftRows(1);
      mixColumns(TIMES_2, TIMES_3, TIMES_1, TIMES_1);
      addRoundKey(round);
    }
    substituteBytes(S_BOX);
    shiftRows(1);
    addRoundKey(rounds);
    store(block);
  }

  /** InvCipher(), 5.3, on the 16 bytes of {@code block}. */
  @Override
  public void decrypt(byte[] block) {
    load(block);
    addRoundKey(rounds);
    for (int round = rounds - 1; round > 0; round--) {
      shiftRows(-1);
      substituteBytes(INVERSE_S_BOX);
      addRoundKey(round);
      mixColumns(TIMES_E, TIMES_B, TIMES_D, TIMES_9);
    }
    shiftRows(-1);
    substituteBytes(INVERSE_S_BOX);
    addRoundKey(0);
    store(block);
  }

  @Override
  public void wipe() {
    Arrays.fill(w, 0);
    Arrays.fill(state, 0);
    Arrays.fill(shifted, 0);
  }

  private void load(byte[] block) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      state[i] = block[i] & 0xff;
    }
  }

  private void store(byte[] block) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) state[i];
    }
  }

  /** SubBytes(), 5.1.1, or InvSubBytes(), 5.3.2. */
  private void substituteBytes(int[] box) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      state[i] = box[state[i]];
    }
  }

  /** ShiftRows(), 5.1.2: row r moves r columns to the left; with -1 to the right, 5.3.1. */
  private void shiftRows(int direction) {
    for (int column = 0; column < 4; column++) {
      for (int row = 0; row < 4; row++) {
        shifted[4 * column + row] = state[4 * (column + direction * row & 3) + row];
      }
    }
    System.arraycopy(shifted, 0, state, 0, BLOCK_BYTES);
  }

  /**
   * MixColumns(), 5.1.3, or InvMixColumns(), 5.3.3: each column times a matrix, whose first row is
   * given as tables of products; each further row is the one above, turned right by one.
   */
  private void mixColumns(int[] times0, int[] times1, int[] times2, int[] times3) {
    for (int c = 0; c < BLOCK_BYTES; c += 4) {
      int s0 = state[c];
      int s1 = state[c + 1];
      int s2 = state[c + 2];
      int s3 = state[c + 3];
      state[c] = times0[s0] ^ times1[s1] ^ times2[s2] ^ times3[s3];
      state[c + 1] = times3[s0] ^ times0[s1] ^ times1[s2] ^ times2[s3];
      state[c + 2] = times2[s0] ^ times3[s1] ^ times0[s2] ^ times1[s3];
      state[c + 3] = times1[s0] ^ times2[s1] ^ times3[s2] ^ times0[s3];
    }
  }

  /** AddRoundKey(), 5.1.4. */
  private void addRoundKey(int round) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      state[i] ^= w[BLOCK_BYTES * round + i];
    }
  }

  /** Another key of the same length. KeyExpansion(), figure 11; i counts bytes, not words. */
  void setKey(byte[] key, int offset) {
    for (int i = 0; i < keyBytes; i++) {
      w[i] = key[offset + i] & 0xff;
    }
    int roundConstant = 1; // Rcon: x to the power i/Nk - 1
    for (int i = keyBytes; i < w.length; i += 4) {
      int t0 = w[i - 4];
      int t1 = w[i - 3];
      int t2 = w[i - 2];
      int t3 = w[i - 1];
      if (i % keyBytes == 0) {
        int rotated = t0; // RotWord, then SubWord
        t0 = S_BOX[t1] ^ roundConstant;
        t1 = S_BOX[t2];
        t2 = S_BOX[t3];
        t3 = S_BOX[rotated];
        roundConstant = multiply(roundConstant, 2);
      } else if (keyBytes == 32 && i % keyBytes == 16) {
        t0 = S_BOX[t0];
        t1 = S_BOX[t1];
        t2 = S_BOX[t2];
        t3 = S_BOX[t3];
      }
      w[i] = w[i - keyBytes] ^ t0;
      w[i + 1] = w[i - keyBytes + 1] ^ t1;
      w[i + 2] = w[i - keyBytes + 2] ^ t2;
      w[i + 3] = w[i - keyBytes + 3] ^ t3;
    }
  }

  /** The product of two field elements, 4.2. */
  private static int multiply(int a, int b) {
    int product = 0;
    for (int bit = 7; bit >= 0; bit--) {
      product <<= 1;
      if ((product & 0x100) != 0) {
        product ^= FIELD_POLYNOMIAL;
      }
      if ((b >> bit & 1) != 0) {
        product ^= a;
      }
    }
    return product;
  }

  /** The multiplicative inverse, 4.2; 0 is mapped to itself (5.1.1, step 1). */
  private static int inverse(int value) {
    for (int candidate = 1; candidate < 256; candidate++) {
      if (multiply(value, candidate) == 1) {
        return candidate;
      }
    }
    return 0;
  }

  /** The affine transformation over GF(2), 5.1.1, step 2 (equation 5.1). */
  private static int affine(int b) {
    int result = 0;
    for (int i = 0; i < 8; i++) {
      int bit = b >> i ^ b >> (i + 4) % 8 ^ b >> (i + 5) % 8 ^ b >> (i + 6) % 8 ^ b >> (i + 7) % 8;
      result |= (bit & 1) << i;
    }
    return result ^ AFFINE_CONSTANT;
  }

  private static int[] products(int factor) {
    int[] products = new int[256];
    for (int value = 0; value < 256; value++) {
      products[value] = multiply(value, factor);
    }
    return products;
  }
}
