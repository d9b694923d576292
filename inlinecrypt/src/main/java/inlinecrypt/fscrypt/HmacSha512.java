package inlinecrypt.fscrypt;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA512 under one key (RFC 2104), for messages that fit an array.
 *
 * <p>The JDK's {@code Mac} would do, but here the padded keys are arrays of our own, so {@link
 * #wipe} really removes them, and nothing allocates. The digest keeps no secret between calls:
 * {@code reset} clears its state and buffer. What the JVM cannot promise is that no copy stays in a
 * register, a stack slot or a part of the heap that the collector has moved away from.
 */
final class HmacSha512 {
  static final int SIZE_BYTES = 64;

  private static final int BLOCK_BYTES = 128; // of SHA-512
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  final byte[] innerPad = new byte[BLOCK_BYTES];
  final byte[] outerPad = new byte[BLOCK_BYTES];
  final byte[] innerHash = new byte[SIZE_BYTES];
  private final MessageDigest sha512;

  /** Copies {@code key}, which has at most 128 bytes. */
  HmacSha512(byte[] key) {
    assert key.length <= BLOCK_BYTES : "longer keys would have to be hashed first";
    try {
      sha512 = MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-512", e);
    }
    for (int i = 0; i < BLOCK_BYTES; i++) {
      byte keyByte = i < key.length ? key[i] : 0;
      innerPad[i] = (byte) (keyByte ^ INNER);
      outerPad[i] = (byte) (keyByte ^ OUTER);
    }
  }

  /** Writes the code of the first {@code lengthBytes} of {@code message} to the 64 bytes given. */
  void compute(byte[] message, int lengthBytes, byte[] target) {
    try {
      sha512.update(innerPad);
      sha512.update(message, 0, lengthBytes);
      sha512.digest(innerHash, 0, SIZE_BYTES);
      sha512.update(outerPad);
      sha512.update(innerHash);
      sha512.digest(target, 0, SIZE_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-512 did not fit 64 bytes", e);
    } finally {
      sha512.reset();
      Arrays.fill(innerHash, (byte) 0);
    }
  }

  /** Overwrites the key; the object is of no further use. */
  void wipe() {
    Arrays.fill(innerPad, (byte) 0);
    Arrays.fill(outerPad, (byte) 0);
  }
}
