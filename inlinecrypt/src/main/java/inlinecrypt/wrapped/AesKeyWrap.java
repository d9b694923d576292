package inlinecrypt.wrapped;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.RFC3394WrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * Wraps keys with a 256-bit key encryption key so that only its holder can open them, and notices
 * if they were changed (RFC 3394, with its default initial value). Deterministic: a key wrapped
 * twice looks the same twice.
 *
 * <p>Thread-safe. No key outlives a call, but for what Bouncy Castle has on its heap in between.
 */
public final class AesKeyWrap {
  public static final int KEK_BYTES = 32;

  /** What a wrapped key has more than the key. */
  public static final int OVERHEAD_BYTES = 8;

  private static final int BLOCK_BYTES = 8;

  private AesKeyWrap() {}

  /**
   * The wrapped form of {@code key}, 8 bytes longer.
   *
   * @throws IllegalArgumentException if {@code kek} has not 32 bytes, or {@code key} no multiple of
   *     8 from 16 on
   */
  public static byte[] wrap(byte[] kek, byte[] key) {
    checkKek(kek);
    if (key.length < 2 * BLOCK_BYTES || key.length % BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "a key to wrap has a multiple of 8 bytes from 16 on, not " + key.length);
    }
    AESEngine aes = new AESEngine();
    RFC3394WrapEngine engine = new RFC3394WrapEngine(aes);
    KeyParameter parameter = new KeyParameter(kek);
    try {
      engine.init(true, parameter);
      return engine.wrap(key, 0, key.length);
    } finally {
      wipe(aes, parameter);
    }
  }

  /**
   * The key in {@code wrapped}, which the caller wipes; null if {@code kek} did not wrap it or it
   * was changed.
   *
   * @throws IllegalArgumentException if {@code kek} has not 32 bytes
   */
  public static byte @Nullable [] unwrap(byte[] kek, byte[] wrapped) {
    checkKek(kek);
    if (wrapped.length < 3 * BLOCK_BYTES || wrapped.length % BLOCK_BYTES != 0) {
      return null;
    }
    AESEngine aes = new AESEngine();
    RFC3394WrapEngine engine = new RFC3394WrapEngine(aes);
    KeyParameter parameter = new KeyParameter(kek);
    try {
      engine.init(false, parameter);
      return engine.unwrap(wrapped, 0, wrapped.length);
    } catch (InvalidCipherTextException changed) {
      return null;
    } finally {
      wipe(aes, parameter);
    }
  }

  private static void checkKek(byte[] kek) {
    if (kek.length != KEK_BYTES) {
      throw new IllegalArgumentException(
          "a key encryption key has " + KEK_BYTES + " bytes, not " + kek.length);
    }
  }

  /** A key of zeros takes the place of the schedule; getKey gives the parameter's own array. */
  private static void wipe(AESEngine aes, KeyParameter parameter) {
    Arrays.fill(parameter.getKey(), (byte) 0);
    aes.init(true, parameter);
  }
}
