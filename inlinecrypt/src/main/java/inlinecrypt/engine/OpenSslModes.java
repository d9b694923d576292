package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.mode.Adiantum;
import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.CbcCts;
import inlinecrypt.mode.Hctr2;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** How each mode is put together from libcrypto's ciphers. */
final class OpenSslModes {
  static final Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> CIPHERS = ciphers();
  static final Map<AeadMode, Function<MemorySegment, AeadCipher>> AEADS =
      Map.of(
          AeadMode.AES_256_GCM,
          key -> new OpenSslGcm(Fetched.AES_256_GCM, key),
          AeadMode.AES_256_GCM_SIV,
          OpenSslModes::gcmSiv);

  /** The ciphers, each fetched once: an implicit fetch for each key costs more than the key. */
  private static final class Fetched {
    static final long AES_128_ECB = LibCrypto.fetchCipher("AES-128-ECB");
    static final long AES_256_ECB = LibCrypto.fetchCipher("AES-256-ECB");
    static final long SM4_ECB = LibCrypto.fetchCipher("SM4-ECB");
    static final long AES_128_CBC = LibCrypto.fetchCipher("AES-128-CBC");
    static final long AES_256_CBC = LibCrypto.fetchCipher("AES-256-CBC");
    static final long SM4_CBC = LibCrypto.fetchCipher("SM4-CBC");
    static final long AES_128_XTS = LibCrypto.fetchCipher("AES-128-XTS");
    static final long AES_256_XTS = LibCrypto.fetchCipher("AES-256-XTS");
    static final long AES_256_GCM = LibCrypto.fetchCipher("AES-256-GCM");
  }

  private OpenSslModes() {}

  private static Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers() {
    Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers =
        new EnumMap<>(CryptoMode.class);
    for (CryptoMode mode : CryptoMode.values()) {
      ciphers.put(mode, key -> keyed(mode, key));
    }
    return ciphers;
  }

  private static DataUnitCipher keyed(CryptoMode mode, MemorySegment key) {
    return switch (mode) {
      case AES_256_XTS -> new OpenSslXts(mode, Fetched.AES_256_XTS, Fetched.AES_256_ECB, key);
      case AES_128_XTS -> new OpenSslXts(mode, Fetched.AES_128_XTS, Fetched.AES_128_ECB, key);
      // A newer libcrypto has SM4-XTS, by default that of GB/T 17964, which doubles otherwise.
      case SM4_XTS -> new OpenSslXts(mode, 0, Fetched.SM4_ECB, key);
      case AES_128_CBC_ESSIV -> essiv(mode, Fetched.AES_128_CBC, key);
      case AES_256_CBC_ESSIV -> essiv(mode, Fetched.AES_256_CBC, key);
      case AES_256_CBC ->
          new UnitwiseCipher(mode, key, kept -> new OpenSslCbc(Fetched.AES_256_CBC, kept, null));
      case AES_256_CBC_CTS -> cts(mode, Fetched.AES_256_CBC, Fetched.AES_256_ECB, key);
      case AES_128_CBC_CTS -> cts(mode, Fetched.AES_128_CBC, Fetched.AES_128_ECB, key);
      case SM4_CBC_CTS -> cts(mode, Fetched.SM4_CBC, Fetched.SM4_ECB, key);
      case ADIANTUM -> adiantum(mode, 12, key);
      case ADIANTUM_XCHACHA20 -> adiantum(mode, 20, key);
      case AES_128_HCTR2 -> hctr2(mode, Fetched.AES_128_ECB, key);
      case AES_256_HCTR2 -> hctr2(mode, Fetched.AES_256_ECB, key);
    };
  }

  private static DataUnitCipher essiv(CryptoMode mode, long cbc, MemorySegment key) {
    return new UnitwiseCipher(
        mode, key, kept -> new OpenSslCbc(cbc, kept, blocks(Fetched.AES_256_ECB, sha256(kept))));
  }

  private static DataUnitCipher cts(CryptoMode mode, long cbc, long ecb, MemorySegment key) {
    return new UnitwiseCipher(
        mode,
        key,
        kept -> new CbcCts(new OpenSslCbc(cbc, kept, null), new OpenSslBlocks(ecb, kept)));
  }

  private static AeadCipher gcmSiv(MemorySegment key) {
    MemorySegment kept = LibCrypto.allocate(key.byteSize()).copyFrom(key);
    return new GcmSivCipher(
        () -> new OpenSslBlocks(Fetched.AES_256_ECB, kept), () -> LibCrypto.wipeAndFree(kept));
  }

  private static DataUnitCipher hctr2(CryptoMode mode, long ecb, MemorySegment key) {
    return new UnitwiseCipher(mode, key, kept -> new Hctr2(new OpenSslBlocks(ecb, kept)));
  }

  private static DataUnitCipher adiantum(CryptoMode mode, int rounds, MemorySegment key) {
    return new UnitwiseCipher(
        mode,
        key,
        kept -> {
          byte[] bytes = kept.toArray(ValueLayout.JAVA_BYTE);
          try {
            return new Adiantum(bytes, rounds, aes -> blocks(Fetched.AES_256_ECB, aes));
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

  private static byte[] sha256(MemorySegment key) {
    byte[] bytes = key.toArray(ValueLayout.JAVA_BYTE);
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
