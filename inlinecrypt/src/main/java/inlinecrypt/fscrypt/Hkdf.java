package inlinecrypt.fscrypt;

import java.util.Arrays;

/**
 * HKDF-SHA512 (RFC 5869) of one master key, as fscrypt uses it: no salt, and an info that starts
 * with {@code "fscrypt\0"} and a context byte.
 *
 * <p>The master key itself is not kept, only the pseudorandom key extracted from it, which is as
 * secret. Expanding costs one HMAC over 27 bytes at most and allocates nothing. Not thread-safe.
 * Source: {@code fs/crypto/hkdf.c}.
 */
final class Hkdf {
  /** The most bytes that can be derived at once: one block, which every fscrypt key fits. */
  static final int MAX_OUTPUT_BYTES = HmacSha512.SIZE_BYTES;

  /** The longest info: a mode number and a filesystem's UUID. */
  static final int MAX_INFO_BYTES = 1 + 2 * Long.BYTES;

  static final byte[] NO_INFO = {};

  private static final byte[] PREFIX = {'f', 's', 'c', 'r', 'y', 'p', 't', 0};
  private static final byte[] NO_SALT = new byte[HmacSha512.SIZE_BYTES];

  final HmacSha512 pseudorandomKey;
  private final byte[] message = new byte[PREFIX.length + 1 + MAX_INFO_BYTES + 1];
  final byte[] block = new byte[HmacSha512.SIZE_BYTES];

  /** Extracts. The caller still owns, and wipes, its own array. */
  Hkdf(byte[] masterKey) {
    try {
      new HmacSha512(NO_SALT).compute(masterKey, masterKey.length, block);
      pseudorandomKey = new HmacSha512(block);
    } finally {
      Arrays.fill(block, (byte) 0);
    }
    System.arraycopy(PREFIX, 0, message, 0, PREFIX.length);
  }

  /**
   * Expands: fills {@code target}, of 1 to 64 bytes, with the key for {@code context} and {@code
   * info}, of at most 17 bytes.
   *
   * @throws IllegalArgumentException if either has another length
   */
  void expand(HkdfContext context, byte[] info, byte[] target) {
    if (target.length == 0 || target.length > MAX_OUTPUT_BYTES) {
      throw new IllegalArgumentException(
          "a derived key has from 1 to " + MAX_OUTPUT_BYTES + " bytes, not " + target.length);
    }
    if (info.length > MAX_INFO_BYTES) {
      throw new IllegalArgumentException(
          "an info has at most " + MAX_INFO_BYTES + " bytes, not " + info.length);
    }
    int end = PREFIX.length;
    message[end++] = (byte) context.number();
    System.arraycopy(info, 0, message, end, info.length);
    end += info.length;
    message[end++] = 1; // The number of the only block.
    try {
      pseudorandomKey.compute(message, end, block);
      System.arraycopy(block, 0, target, 0, target.length);
    } finally {
      Arrays.fill(block, (byte) 0);
    }
  }

  /** Overwrites the secret; the object is of no further use. */
  void wipe() {
    pseudorandomKey.wipe();
  }
}
