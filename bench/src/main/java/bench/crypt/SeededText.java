package bench.crypt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The plaintext that a {@code plaintext_seed} stands for: the SHA-256 of the seed and a count of 64
 * bits, lowest byte first, for counts from 0 on ({@code testdata/vectors/README.md}).
 */
final class SeededText {
  private static final int BLOCK_BYTES = 32;

  private SeededText() {}

  static byte[] bytes(String seed, int lengthBytes) {
    byte[] seedBytes = seed.getBytes(StandardCharsets.UTF_8);
    byte[] count = new byte[Long.BYTES];
    ByteBuffer counter = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = new byte[Math.ceilDiv(lengthBytes, BLOCK_BYTES) * BLOCK_BYTES];
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (int at = 0; at < text.length; at += BLOCK_BYTES) {
        counter.putLong(0, at / BLOCK_BYTES);
        sha256.update(seedBytes);
        sha256.update(count);
        sha256.digest(text, at, BLOCK_BYTES);
      }
    } catch (NoSuchAlgorithmException | DigestException e) {
      throw new AssertionError("every Java platform has SHA-256 of 32 bytes", e);
    }
    return Arrays.copyOf(text, lengthBytes);
  }
}
