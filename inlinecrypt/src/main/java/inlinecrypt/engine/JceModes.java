package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.mode.Adiantum;
import inlinecrypt.mode.CbcCts;
import inlinecrypt.mode.Hctr2;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** How each mode is put together from the JDK's AES. */
final class JceModes {
  static final Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> CIPHERS = ciphers();
  static final Map<AeadMode, Function<MemorySegment, AeadCipher>> AEADS =
      Map.of(
          AeadMode.AES_256_GCM,
          JceGcm::new,
          AeadMode.AES_256_GCM_SIV,
          key -> GcmSivCipher.keyed(key, JceBlocks::new));

  private JceModes() {}

  private static Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers() {
    Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers =
        new EnumMap<>(CryptoMode.class);
    for (CryptoMode mode : CryptoMode.values()) {
      if (mode != CryptoMode.SM4_XTS && mode != CryptoMode.SM4_CBC_CTS) {
        ciphers.put(mode, key -> keyed(mode, key));
      }
    }
    return ciphers;
  }

  private static DataUnitCipher keyed(CryptoMode mode, MemorySegment key) {
    return switch (mode) {
      case AES_256_XTS, AES_128_XTS -> new JceXts(mode, key);
      case AES_128_CBC_ESSIV, AES_256_CBC_ESSIV -> JceCbc.essiv(mode, key);
      case AES_256_CBC -> JceCbc.plain(mode, key);
      case AES_128_HCTR2, AES_256_HCTR2 ->
          UnitwiseCipher.keyed(mode, key, bytes -> new Hctr2(new JceBlocks(bytes)));
      case AES_256_CBC_CTS, AES_128_CBC_CTS ->
          UnitwiseCipher.keyed(
              mode, key, bytes -> new CbcCts(new JceChain(bytes), new JceBlocks(bytes)));
      case ADIANTUM ->
          UnitwiseCipher.keyed(mode, key, bytes -> new Adiantum(bytes, 12, JceBlocks::new));
      case ADIANTUM_XCHACHA20 ->
          UnitwiseCipher.keyed(mode, key, bytes -> new Adiantum(bytes, 20, JceBlocks::new));
      case SM4_XTS, SM4_CBC_CTS -> throw new AssertionError("the JDK has no SM4");
    };
  }
}
