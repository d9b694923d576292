package inlinecrypt.reference;

import inlinecrypt.AeadMode;

/**
 * A keyed authenticated mode on one message in an array, in place. Wipe it when done. Not
 * thread-safe.
 */
public interface AeadTransform {
  /** Encrypts the first {@code lengthBytes} bytes of {@code data} and fills {@code tag}. */
  void seal(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag);

  /** Decrypts; false if the tag does not fit, and then the data must not be used. */
  boolean open(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag);

  /** Wipes the key and everything made from it and from data. */
  void wipe();

  /** Keys {@code mode} with the 32 bytes of {@code key}, which is only read. */
  static AeadTransform of(AeadMode mode, byte[] key) {
    return switch (mode) {
      case AES_256_GCM -> new Gcm(new Aes(key, 0, key.length));
      case AES_256_GCM_SIV -> new GcmSiv(key);
    };
  }
}
