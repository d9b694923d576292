package inlinecrypt.reference;

import inlinecrypt.CryptoMode;

/**
 * A keyed mode on one data unit in an array, in place. Wipe it when done. Not thread-safe.
 *
 * <p>Lengths are the caller's duty: at least 16 bytes, whole blocks where {@link
 * CryptoMode#takesAnyLength} does not say otherwise.
 */
public interface DataUnitTransform {
  /**
   * Encrypts the first {@code lengthBytes} bytes of {@code unit}.
   *
   * @param iv the data unit number, 32 bytes little-endian; the mode takes as many as its IV has
   */
  void encrypt(byte[] iv, byte[] unit, int lengthBytes);

  /** Decrypts; everything else is as in {@link #encrypt}. */
  void decrypt(byte[] iv, byte[] unit, int lengthBytes);

  /** Wipes the key and everything made from it and from data. */
  void wipe();

  /** Keys {@code mode} with all of {@code key}, which is only read and has the mode's length. */
  static DataUnitTransform of(CryptoMode mode, byte[] key) {
    int half = key.length / 2;
    return switch (mode) {
      case AES_128_XTS, AES_256_XTS -> new Xts(new Aes(key, 0, half), new Aes(key, half, half));
      case SM4_XTS -> new Xts(new Sm4(key, 0), new Sm4(key, half));
      case AES_256_CBC -> new Cbc(new Aes(key, 0, key.length));
      case AES_128_CBC_ESSIV, AES_256_CBC_ESSIV -> new CbcEssiv(key);
      case AES_128_CBC_CTS, AES_256_CBC_CTS -> new CbcCts(new Aes(key, 0, key.length));
      case SM4_CBC_CTS -> new CbcCts(new Sm4(key, 0));
      case ADIANTUM -> new Adiantum(key, 12);
      case ADIANTUM_XCHACHA20 -> new Adiantum(key, 20);
      case AES_128_HCTR2, AES_256_HCTR2 -> new Hctr2(new Aes(key, 0, key.length));
    };
  }
}
