package inlinecrypt.engine;

import inlinecrypt.CryptoMode;

/**
 * A mode under one key, which transforms data units in an array, in place.
 *
 * <p>For one thread at a time. The lengths are those that {@link CryptoMode#takesAnyLength} allows.
 */
sealed interface BouncyCastleMode
    permits BouncyCastleXts,
        BouncyCastleCbc,
        BouncyCastleCbcCts,
        BouncyCastleAdiantum,
        BouncyCastleHctr2 {
  /** {@code mode} under {@code key}, which is not kept. */
  static BouncyCastleMode keyed(CryptoMode mode, byte[] key) {
    return switch (mode) {
      case AES_128_XTS, AES_256_XTS -> new BouncyCastleXts(BouncyCastleBlocks.AES, key);
      case SM4_XTS -> new BouncyCastleXts(BouncyCastleBlocks.SM4, key);
      case AES_256_CBC -> BouncyCastleCbc.plain(BouncyCastleBlocks.AES, key);
      case AES_128_CBC_ESSIV, AES_256_CBC_ESSIV -> BouncyCastleCbc.essiv(key);
      case AES_128_CBC_CTS, AES_256_CBC_CTS -> new BouncyCastleCbcCts(BouncyCastleBlocks.AES, key);
      case SM4_CBC_CTS -> new BouncyCastleCbcCts(BouncyCastleBlocks.SM4, key);
      case ADIANTUM -> new BouncyCastleAdiantum(12, key);
      case ADIANTUM_XCHACHA20 -> new BouncyCastleAdiantum(20, key);
      case AES_128_HCTR2, AES_256_HCTR2 -> new BouncyCastleHctr2(key);
    };
  }

  /**
   * Encrypts the first {@code unitBytes} of {@code unit}.
   *
   * @param iv 32 bytes, of which the mode takes as many as its IV has; they may change
   */
  void encrypt(byte[] iv, byte[] unit, int unitBytes);

  /** Decrypts; everything else is as in {@link #encrypt}. */
  void decrypt(byte[] iv, byte[] unit, int unitBytes);

  /** Overwrites what the key was made into, as far as Bouncy Castle lets us. */
  void wipe();
}
