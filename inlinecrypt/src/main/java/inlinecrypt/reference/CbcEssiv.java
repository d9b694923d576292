package inlinecrypt.reference;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * CBC with an encrypted salt-sector IV (C. Fruhwirth, New Methods in Hard Disk Encryption, 2005;
 * Linux {@code crypto/essiv.c}): the IV is the data unit number, encrypted with AES-256 under
 * SHA-256 of the key.
 */
final class CbcEssiv implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;

  private final Cbc cbc;
  private final Aes salted;
  private final byte[] essiv = new byte[BLOCK_BYTES];

  CbcEssiv(byte[] key) {
    cbc = new Cbc(new Aes(key, 0, key.length));
    byte[] salt = sha256(key);
    try {
      salted = new Aes(salt, 0, salt.length);
    } finally {
      Arrays.fill(salt, (byte) 0);
    }
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    cbc.encrypt(encrypted(iv), unit, lengthBytes);
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    cbc.decrypt(encrypted(iv), unit, lengthBytes);
  }

  @Override
  public void wipe() {
    cbc.wipe();
    salted.wipe();
    Arrays.fill(essiv, (byte) 0);
  }

  private byte[] encrypted(byte[] iv) {
    System.arraycopy(iv, 0, essiv, 0, BLOCK_BYTES);
    salted.encrypt(essiv);
    return essiv;
  }

  private static byte[] sha256(byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] salt = sha256.digest(key);
      sha256.reset(); // until then it keeps what it hashed
      return salt;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
