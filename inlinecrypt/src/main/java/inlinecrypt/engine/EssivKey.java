package inlinecrypt.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key that ESSIV encrypts data unit numbers with: SHA-256 of the data's key (Fruhwirth, New
 * Methods in Hard Disk Encryption, 2005, 4.2).
 */
final class EssivKey {
  private EssivKey() {}

  /** The 32 bytes, which the caller wipes as it does {@code key}. */
  static byte[] of(byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha256.digest(key);
      sha256.reset(); // until then it keeps what it hashed
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
