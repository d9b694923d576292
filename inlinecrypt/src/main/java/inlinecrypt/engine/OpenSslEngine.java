package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * The system's libcrypto (OpenSSL 3.0 or newer) through {@code java.lang.foreign}, working in place
 * on heap and native segments.
 *
 * <p>It refuses an XTS key of two equal halves with {@link IllegalArgumentException}, because
 * libcrypto does so (FIPS 140 IG A.9).
 */
public final class OpenSslEngine implements CipherEngine {
  static final LibCryptoLoading LOADING = LibCryptoLoading.of(LibCryptoLoading.FILE_NAMES);

  private final Optional<String> unavailableBecause;
  private final ProvenModes modes =
      new ProvenModes("openssl", Map.of(CryptoMode.AES_256_XTS, OpenSslEngine::xts), Map.of());

  OpenSslEngine() {
    this(LOADING);
  }

  OpenSslEngine(LibCryptoLoading loading) {
    this.unavailableBecause = loading.cause();
  }

  @Override
  public String name() {
    return "openssl";
  }

  @Override
  public boolean supports(CryptoMode mode) {
    return modes.has(mode);
  }

  @Override
  public boolean supports(AeadMode mode) {
    return modes.has(mode);
  }

  @Override
  public Optional<String> unavailableBecause() {
    return unavailableBecause;
  }

  @Override
  public Optional<String> selfTest() {
    return unavailableBecause.or(modes::disproof);
  }

  @Override
  public DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    checkAvailable();
    return modes.prepare(mode, key);
  }

  @Override
  public AeadCipher prepareAead(AeadMode mode, MemorySegment key) {
    checkAvailable();
    return modes.prepareAead(mode, key);
  }

  private void checkAvailable() {
    if (unavailableBecause.isPresent()) {
      throw new IllegalStateException(
          "engine openssl is not available: " + unavailableBecause.get());
    }
  }

  private static DataUnitCipher xts(MemorySegment key) {
    long halfBytes = key.byteSize() / 2;
    if (MemorySegment.mismatch(key, 0, halfBytes, key, halfBytes, key.byteSize()) < 0) {
      throw new IllegalArgumentException("the two halves of an XTS key must differ");
    }
    return new OpenSslXts(key);
  }
}
