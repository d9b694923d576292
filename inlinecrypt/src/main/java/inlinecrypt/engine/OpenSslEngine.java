package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The system's libcrypto (OpenSSL 3.0 or newer) through {@code java.lang.foreign}: its own modes
 * where it has them, the others composed over its ciphers.
 */
public final class OpenSslEngine implements CipherEngine {
  static final LibCryptoLoading LOADING = LibCryptoLoading.of(LibCryptoLoading.FILE_NAMES);

  private final Optional<String> unavailableBecause;
  private final ProvenModes modes =
      new ProvenModes("openssl", OpenSslModes.CIPHERS, OpenSslModes.AEADS);

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
}
