package inlinecrypt.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's block ciphers that modes are built on. Both have blocks of 16 bytes. */
enum BouncyCastleBlocks {
  AES,
  SM4;

  static final int BLOCK_BYTES = 16;

  private static final int ANY_KEY_BYTES = 16; // a length that both take
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The cipher that encrypts, keyed with a part of {@code key}, which is not kept. */
  BlockCipher encrypting(byte[] key, int offset, int keyBytes) {
    return keyed(true, key, offset, keyBytes);
  }

  /** The cipher that decrypts, keyed with a part of {@code key}, which is not kept. */
  BlockCipher decrypting(byte[] key, int offset, int keyBytes) {
    return keyed(false, key, offset, keyBytes);
  }

  private BlockCipher keyed(boolean encrypt, byte[] key, int offset, int keyBytes) {
    BlockCipher cipher =
        switch (this) {
          case AES -> AESEngine.newInstance();
          case SM4 -> new SM4Engine();
        };
    rekey(cipher, encrypt, key, offset, keyBytes);
    return cipher;
  }

  /** Gives a cipher another key. It allocates: Bouncy Castle makes a new key schedule. */
  static void rekey(BlockCipher cipher, boolean encrypt, byte[] key, int offset, int keyBytes) {
    KeyParameter parameter = new KeyParameter(key, offset, keyBytes);
    try {
      cipher.init(encrypt, parameter);
    } finally {
      Arrays.fill(parameter.getKey(), (byte) 0); // getKey gives the parameter's own array
    }
  }

  /**
   * Takes a cipher's key away by giving it a key of zeros. {@link AESEngine} then clears its old
   * key schedule; {@link SM4Engine} only drops it, which leaves it to the garbage collector.
   */
  static void wipe(BlockCipher cipher) {
    byte[] zeros = new byte[BLOCK_BYTES];
    rekey(cipher, true, zeros, 0, ANY_KEY_BYTES);
    cipher.processBlock(zeros, 0, zeros, 0); // SM4Engine still holds the block it had last
  }

  /** XORs {@code bytes} bytes, at most a block, into {@code target}. */
  static void xor(byte[] source, int sourceAt, byte[] target, int targetAt, int bytes) {
    if (bytes == BLOCK_BYTES) {
      xorLong(source, sourceAt, target, targetAt);
      xorLong(source, sourceAt + 8, target, targetAt + 8);
    } else {
      for (int i = 0; i < bytes; i++) {
        target[targetAt + i] ^= source[sourceAt + i];
      }
    }
  }

  private static void xorLong(byte[] source, int sourceAt, byte[] target, int targetAt) {
    LONG.set(
        target, targetAt, (long) LONG.get(target, targetAt) ^ (long) LONG.get(source, sourceAt));
  }
}
