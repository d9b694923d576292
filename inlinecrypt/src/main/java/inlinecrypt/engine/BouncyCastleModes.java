package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.mode.Adiantum;
import inlinecrypt.mode.BatchCipher;
import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.CbcCts;
import inlinecrypt.mode.Hctr2;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How each mode is put together from Bouncy Castle's block ciphers. */
final class BouncyCastleModes {
  static final Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> CIPHERS =
      Arrays.stream(CryptoMode.values())
          .collect(
              Collectors.toMap(
                  mode -> mode,
                  mode -> key -> UnitwiseCipher.keyed(mode, key, bytes -> cipher(mode, bytes))));

  static final Map<AeadMode, Function<MemorySegment, AeadCipher>> AEADS =
      Map.of(
          AeadMode.AES_256_GCM,
          BouncyCastleGcm::new,
          AeadMode.AES_256_GCM_SIV,
          key -> GcmSivCipher.keyed(key, BouncyCastleModes::aes));

  private BouncyCastleModes() {}

  /** {@code mode} under {@code key}, which is not kept. */
  private static BatchCipher cipher(CryptoMode mode, byte[] key) {
    return switch (mode) {
      case AES_128_XTS, AES_256_XTS -> new BouncyCastleXts(BouncyCastleBlocks.AES, key);
      case SM4_XTS -> new BouncyCastleXts(BouncyCastleBlocks.SM4, key);
      case AES_256_CBC -> BouncyCastleCbc.plain(BouncyCastleBlocks.AES, key);
      case AES_128_CBC_ESSIV, AES_256_CBC_ESSIV -> BouncyCastleCbc.essiv(key);
      case AES_128_CBC_CTS, AES_256_CBC_CTS -> cbcCts(BouncyCastleBlocks.AES, key);
      case SM4_CBC_CTS -> cbcCts(BouncyCastleBlocks.SM4, key);
      case ADIANTUM -> new Adiantum(key, 12, BouncyCastleModes::aes);
      case ADIANTUM_XCHACHA20 -> new Adiantum(key, 20, BouncyCastleModes::aes);
      case AES_128_HCTR2, AES_256_HCTR2 -> new Hctr2(aes(key));
    };
  }

  private static BatchCipher cbcCts(BouncyCastleBlocks blocks, byte[] key) {
    return new CbcCts(BouncyCastleCbc.plain(blocks, key), new BouncyCastleEcb(blocks, key));
  }

  private static BlockCipher aes(byte[] key) {
    return new BouncyCastleEcb(BouncyCastleBlocks.AES, key);
  }
}
