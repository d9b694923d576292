package inlinecrypt.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.ChaChaEngine;

/**
 * XChaCha with a chosen number of rounds, on Bouncy Castle's ChaCha core: HChaCha makes a key of
 * the first 16 bytes of the nonce, ChaCha with a 64-bit block counter takes the other 8
 * (draft-irtf-cfrg-xchacha, section 2).
 *
 * <p>For one thread at a time.
 */
final class BouncyCastleXChaCha {
  static final int NONCE_BYTES = 24;

  private static final int BLOCK_BYTES = 64;
  private static final int STATE_WORDS = 16;
  private static final int KEY_WORDS = 8;
  private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int rounds;
  private final int[] key = new int[KEY_WORDS];
  private final int[] state = new int[STATE_WORDS]; // 4 constants, 8 of key, 4 of counter and nonce
  private final int[] block = new int[STATE_WORDS];
  private final byte[] lastBlock = new byte[BLOCK_BYTES];

  BouncyCastleXChaCha(int rounds, byte[] key) {
    this.rounds = rounds;
    for (int i = 0; i < KEY_WORDS; i++) {
      this.key[i] = (int) INT.get(key, 4 * i);
    }
    System.arraycopy(CONSTANTS, 0, state, 0, CONSTANTS.length);
  }

  /** XORs the keystream that belongs to the 24-byte {@code nonce} into the first bytes of data. */
  void xor(byte[] nonce, byte[] data, int bytes) {
    start(nonce);
    int at = 0;
    for (; at <= bytes - BLOCK_BYTES; at += BLOCK_BYTES) {
      nextBlock();
      for (int i = 0; i < STATE_WORDS; i++) {
        int place = at + 4 * i;
        INT.set(data, place, (int) INT.get(data, place) ^ block[i]);
      }
    }
    if (at < bytes) {
      nextBlock();
      for (int i = 0; i < STATE_WORDS; i++) {
        INT.set(lastBlock, 4 * i, block[i]);
      }
      for (int i = 0; at + i < bytes; i++) {
        data[at + i] ^= lastBlock[i];
      }
    }
  }

  private void start(byte[] nonce) {
    System.arraycopy(key, 0, state, 4, KEY_WORDS);
    for (int i = 0; i < 4; i++) {
      state[12 + i] = (int) INT.get(nonce, 4 * i);
    }
    ChaChaEngine.chachaCore(rounds, state, block);
    for (int i = 0; i < 4; i++) {
      // HChaCha is the core without its last step, the addition of the state: take it back.
      int first = block[i] - state[i];
      int second = block[12 + i] - state[12 + i];
      state[4 + i] = first;
      state[8 + i] = second;
    }
    state[12] = 0;
    state[13] = 0;
    state[14] = (int) INT.get(nonce, 16);
    state[15] = (int) INT.get(nonce, 20);
  }

  private void nextBlock() {
    ChaChaEngine.chachaCore(rounds, state, block);
    if (++state[12] == 0) {
      state[13]++;
    }
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(state, 0);
    Arrays.fill(block, 0);
    Arrays.fill(lastBlock, (byte) 0);
  }
}
