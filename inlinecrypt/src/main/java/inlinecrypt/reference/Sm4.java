package inlinecrypt.reference;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * SM4, one block at a time, from GB/T 32907-2016 (in English: draft-ribose-cfrg-sm4-10). Section
 * numbers are of the standard; its names are kept. Not thread-safe.
 */
final class Sm4 implements BlockCipher {
  static final int KEY_BYTES = 16;

  private static final int ROUNDS = 32;

  // 6.2: the S-box, row by row of its table.
  private static final byte[] S_BOX =
      HexFormat.of()
          .parseHex(
              "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699"
                  + "9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6"
                  + "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35"
                  + "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e"
                  + "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3"
                  + "1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51"
                  + "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0"
                  + "8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948");

  // 7.3: the system parameter.
  private static final int[] FK = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};

  private final int[] rk = new int[ROUNDS]; // the round keys, 7.3
  private final int[] x = new int[ROUNDS + 4]; // X of 7.1, and K of 7.3

  /** Takes the 16 bytes of {@code key} from {@code offset} on. */
  Sm4(byte[] key, int offset) {
    for (int i = 0; i < 4; i++) {
      x[i] = word(key, offset + 4 * i) ^ FK[i];
    }
    for (int i = 0; i < ROUNDS; i++) {
      int mixed = tau(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ ck(i));
      rk[i] = x[i] ^ mixed ^ Integer.rotateLeft(mixed, 13) ^ Integer.rotateLeft(mixed, 23); // L'
      x[i + 4] = rk[i];
    }
  }

  @Override
  public void encrypt(byte[] block) {
    transform(block, 0, 1);
  }

  /** The round keys in reverse order, 7.2. */
  @Override
  public void decrypt(byte[] block) {
    transform(block, ROUNDS - 1, -1);
  }

  @Override
  public void wipe() {
    Arrays.fill(rk, 0);
    Arrays.fill(x, 0);
  }

  /** The 32 rounds and the reverse transformation R, 7.1. */
  private void transform(byte[] block, int firstRoundKey, int step) {
    for (int i = 0; i < 4; i++) {
      x[i] = word(block, 4 * i);
    }
    for (int i = 0; i < ROUNDS; i++) {
      x[i + 4] = x[i] ^ t(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ rk[firstRoundKey + step * i]); // F, 6.1
    }
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) (x[ROUNDS + 3 - i / 4] >> 24 - 8 * (i % 4));
    }
  }

  /** The mixer-substitution T: tau, then L, 6.2. */
  private static int t(int a) {
    int b = tau(a);
    return b
        ^ Integer.rotateLeft(b, 2)
        ^ Integer.rotateLeft(b, 10)
        ^ Integer.rotateLeft(b, 18)
        ^ Integer.rotateLeft(b, 24);
  }

  /** Four S-boxes side by side, 6.2. */
  private static int tau(int a) {
    int b = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      b |= (S_BOX[a >> shift & 0xff] & 0xff) << shift;
    }
    return b;
  }

  /** The fixed parameter: byte j of CK_i is (4i + j) * 7 mod 256, 7.3. */
  private static int ck(int i) {
    int ck = 0;
    for (int j = 0; j < 4; j++) {
      ck = ck << 8 | (4 * i + j) * 7 & 0xff;
    }
    return ck;
  }

  /** A big-endian word. */
  private static int word(byte[] bytes, int at) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word = word << 8 | bytes[at + i] & 0xff;
    }
    return word;
  }
}
