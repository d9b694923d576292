package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.mode.Adiantum;
import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.CbcCts;
import inlinecrypt.mode.Hctr2;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How each mode is put together from libcrypto's ciphers. A build of libcrypto may lack some of
 * them, as Fedora's lacks SM4; then the modes made from them are not there.
 */
final class OpenSslModes {
  // EVP_CIPHER, each fetched once: an implicit fetch for each key costs more than the key.
  private final long aes128Ecb;
  private final long aes256Ecb;
  private final long sm4Ecb;
  private final long aes128Cbc;
  private final long aes256Cbc;
  private final long sm4Cbc;
  private final long aes128Xts;
  private final long aes256Xts;
  private final long aes256Gcm;

  /**
   * @param fetch gives the cipher of a name; 0 if there is none
   */
  OpenSslModes(ToLongFunction<String> fetch) {
    aes128Ecb = fetch.applyAsLong("AES-128-ECB");
    aes256Ecb = fetch.applyAsLong("AES-256-ECB");
    sm4Ecb = fetch.applyAsLong("SM4-ECB");
    aes128Cbc = fetch.applyAsLong("AES-128-CBC");
    aes256Cbc = fetch.applyAsLong("AES-256-CBC");
    sm4Cbc = fetch.applyAsLong("SM4-CBC");
    aes128Xts = fetch.applyAsLong("AES-128-XTS");
    aes256Xts = fetch.applyAsLong("AES-256-XTS");
    aes256Gcm = fetch.applyAsLong("AES-256-GCM");
  }

  /** The modes whose ciphers are all there. */
  Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers() {
    Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers =
        new EnumMap<>(CryptoMode.class);
    for (CryptoMode mode : CryptoMode.values()) {
      if (has(mode)) {
        ciphers.put(mode, key -> keyed(mode, key));
      }
    }
    return ciphers;
  }

  /** The authenticated modes whose ciphers are all there. */
  Map<AeadMode, Function<MemorySegment, AeadCipher>> aeads() {
    Map<AeadMode, Function<MemorySegment, AeadCipher>> aeads = new EnumMap<>(AeadMode.class);
    if (aes256Gcm != 0) {
      aeads.put(AeadMode.AES_256_GCM, key -> new OpenSslGcm(aes256Gcm, key));
    }
    if (aes256Ecb != 0) {
      aeads.put(AeadMode.AES_256_GCM_SIV, this::gcmSiv);
    }
    return aeads;
  }

  private boolean has(CryptoMode mode) {
    return switch (mode) {
      case AES_256_XTS, ADIANTUM, ADIANTUM_XCHACHA20, AES_256_HCTR2 -> aes256Ecb != 0;
      case AES_128_XTS, AES_128_HCTR2 -> aes128Ecb != 0;
      case SM4_XTS -> sm4Ecb != 0;
      case AES_128_CBC_ESSIV -> aes128Cbc != 0 && aes256Ecb != 0;
      case AES_256_CBC_ESSIV, AES_256_CBC_CTS -> aes256Cbc != 0 && aes256Ecb != 0;
      case AES_256_CBC -> aes256Cbc != 0;
      case AES_128_CBC_CTS -> aes128Cbc != 0 && aes128Ecb != 0;
      case SM4_CBC_CTS -> sm4Cbc != 0 && sm4Ecb != 0;
    };
  }

  private DataUnitCipher keyed(CryptoMode mode, MemorySegment key) {
    return switch (mode) {
      case AES_256_XTS -> new OpenSslXts(mode, aes256Xts, aes256Ecb, key);
      case AES_128_XTS -> new OpenSslXts(mode, aes128Xts, aes128Ecb, key);
      // A newer libcrypto has SM4-XTS, by default that of GB/T 17964, which doubles otherwise.
      case SM4_XTS -> new OpenSslXts(mode, 0, sm4Ecb, key);
      case AES_128_CBC_ESSIV -> essiv(mode, aes128Cbc, key);
      case AES_256_CBC_ESSIV -> essiv(mode, aes256Cbc, key);
      case AES_256_CBC ->
          new UnitwiseCipher(mode, key, kept -> new OpenSslCbc(aes256Cbc, kept, null));
      case AES_256_CBC_CTS -> cts(mode, aes256Cbc, aes256Ecb, key);
      case AES_128_CBC_CTS -> cts(mode, aes128Cbc, aes128Ecb, key);
      case SM4_CBC_CTS -> cts(mode, sm4Cbc, sm4Ecb, key);
      case ADIANTUM -> adiantum(mode, 12, key);
      case ADIANTUM_XCHACHA20 -> adiantum(mode, 20, key);
      case AES_128_HCTR2 -> hctr2(mode, aes128Ecb, key);
      case AES_256_HCTR2 -> hctr2(mode, aes256Ecb, key);
    };
  }

  private DataUnitCipher essiv(CryptoMode mode, long cbc, MemorySegment key) {
    return new UnitwiseCipher(
        mode, key, kept -> new OpenSslCbc(cbc, kept, blocks(aes256Ecb, essivKey(kept))));
  }

  private static DataUnitCipher cts(CryptoMode mode, long cbc, long ecb, MemorySegment key) {
    return new UnitwiseCipher(
        mode,
        key,
        kept -> new CbcCts(new OpenSslCbc(cbc, kept, null), new OpenSslBlocks(ecb, kept)));
  }

  private AeadCipher gcmSiv(MemorySegment key) {
    MemorySegment kept = LibCrypto.copyOf(key);
    return new GcmSivCipher(
        () -> new OpenSslBlocks(aes256Ecb, kept), () -> LibCrypto.wipeAndFree(kept));
  }

  private static DataUnitCipher hctr2(CryptoMode mode, long ecb, MemorySegment key) {
    return new UnitwiseCipher(mode, key, kept -> new Hctr2(new OpenSslBlocks(ecb, kept)));
  }

  private DataUnitCipher adiantum(CryptoMode mode, int rounds, MemorySegment key) {
    return new UnitwiseCipher(
        mode,
        key,
        kept -> {
          byte[] bytes = kept.toArray(ValueLayout.JAVA_BYTE);
          try {
            return new Adiantum(bytes, rounds, aes -> blocks(aes256Ecb, aes));
          } finally {
            Arrays.fill(bytes, (byte) 0);
          }
        });
  }

  /** Wipes {@code key}. */
  private static BlockCipher blocks(long ecb, byte[] key) {
    try {
      return new OpenSslBlocks(ecb, MemorySegment.ofArray(key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] essivKey(MemorySegment key) {
    byte[] bytes = key.toArray(ValueLayout.JAVA_BYTE);
    try {
      return EssivKey.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
