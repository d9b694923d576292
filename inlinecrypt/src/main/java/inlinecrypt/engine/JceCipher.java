package inlinecrypt.engine;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/**
 * AES of the JDK's own provider under one key, for runs of whole blocks. It is set up once and
 * never again, because {@link Cipher#init} allocates: {@code ECB} has no state, and the users of
 * {@code CBC} cancel the chain from the call before by XOR.
 *
 * <p>{@code AES/ECB/NoPadding} is no mode here but a building block: the AES permutation of many
 * independent blocks in one call, on which the real modes stand. That is the form in which HotSpot
 * runs several blocks through the processor's AES unit at once: for encryption if it has AVX-512
 * VAES; for CBC decryption always.
 *
 * <p>The JDK keeps the key schedule out of reach. {@link #forgetKey} sets the cipher up with a key
 * of zeros, so that no object of ours leads to the old one; the garbage collector takes the rest.
 */
final class JceCipher {
  static final int BLOCK_BYTES = 16;

  static final String PROVIDER = "SunJCE";

  private final Cipher cipher;
  private final int direction;

  private JceCipher(String transformation, int direction, byte[] key, int offset, int keyBytes) {
    this.cipher = instance(transformation);
    this.direction = direction;
    init(new RawKey(key, offset, keyBytes));
  }

  /** AES encryption of single blocks, with the {@code keyBytes} bytes of {@code key} there. */
  static JceCipher blockEncryption(byte[] key, int offset, int keyBytes) {
    return new JceCipher("AES/ECB/NoPadding", Cipher.ENCRYPT_MODE, key, offset, keyBytes);
  }

  /** CBC encryption, one endless chain from a block of zeros on. */
  static JceCipher chainEncryption(byte[] key, int offset, int keyBytes) {
    return new JceCipher("AES/CBC/NoPadding", Cipher.ENCRYPT_MODE, key, offset, keyBytes);
  }

  /** CBC decryption, one endless chain from a block of zeros on. */
  static JceCipher chainDecryption(byte[] key, int offset, int keyBytes) {
    return new JceCipher("AES/CBC/NoPadding", Cipher.DECRYPT_MODE, key, offset, keyBytes);
  }

  /** Transforms {@code lengthBytes}, whole blocks, between two different arrays. */
  void transform(
      byte[] source, int sourceOffset, int lengthBytes, byte[] target, int targetOffset) {
    try {
      cipher.update(source, sourceOffset, lengthBytes, target, targetOffset);
    } catch (ShortBufferException e) {
      throw new AssertionError(e); // callers size their own arrays
    }
  }

  /** Goes on with another key; allocates. */
  void changeKey(byte[] key, int offset, int keyBytes) {
    init(new RawKey(key, offset, keyBytes));
  }

  /** Leaves the cipher without the key; it must not be used again. */
  void forgetKey() {
    init(new RawKey(new byte[BLOCK_BYTES], 0, BLOCK_BYTES));
  }

  private void init(SecretKey key) {
    try {
      if (cipher.getAlgorithm().contains("CBC")) {
        cipher.init(direction, key, new IvParameterSpec(new byte[BLOCK_BYTES]));
      } else {
        cipher.init(direction, key);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's AES refuses a key", e);
    }
  }

  private static Cipher instance(String transformation) {
    Provider provider = Security.getProvider(PROVIDER); // by name it would take 8 µs longer
    if (provider == null) {
      throw new IllegalStateException("this Java runtime has no provider " + PROVIDER);
    }
    try {
      return Cipher.getInstance(transformation, provider);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + transformation, e);
    }
  }
}
