package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
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
  private final KnownAnswers answers = new KnownAnswers(name(), key -> new OpenSslXts(LibCrypto.fetchCipher("AES-256-XTS"),LibCrypto.fetchCipher("AES-256-ECB"),key));

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
    return mode == CryptoMode.AES_256_XTS;
  }

  @Override
  public Optional<String> unavailableBecause() {
    return unavailableBecause;
  }

  @Override
  public Optional<String> selfTest() {
    return unavailableBecause.or(answers::run);
  }

  @Override
  public DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    if (unavailableBecause.isPresent()) {
      throw new IllegalStateException(
          "engine openssl is not available: " + unavailableBecause.get());
    }
    answers.admit(mode, key);
    return new OpenSslXts(LibCrypto.fetchCipher("AES-256-XTS"),LibCrypto.fetchCipher("AES-256-ECB"),key);
  }
}
