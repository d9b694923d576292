package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The system's libcrypto (OpenSSL 3.0 or newer) through {@code java.lang.foreign}: its own modes
 * where it has them, the others composed over its ciphers.
 */
public final class OpenSslEngine implements CipherEngine {
  static final LibCryptoLoading LOADING = LibCryptoLoading.of(LibCryptoLoading.FILE_NAMES);

  /** Apart, for it is made only where there is a libcrypto to ask for its ciphers. */
  private static final class Found {
    static final ProvenModes MODES = modesOf(LibCrypto::fetchCipher);
  }

  private final Optional<String> unavailableBecause;

  OpenSslEngine() {
    this(LOADING);
  }

  OpenSslEngine(LibCryptoLoading loading) {
    this.unavailableBecause = loading.cause();
  }

  /**
   * @param fetch gives the cipher of a name; 0 if there is none
   */
  static ProvenModes modesOf(ToLongFunction<String> fetch) {
    OpenSslModes modes = new OpenSslModes(fetch);
    return new ProvenModes("openssl", modes.ciphers(), modes.aeads());
  }

  @Override
  public String name() {
    return "openssl";
  }

  @Override
  public boolean supports(CryptoMode mode) {
    return unavailableBecause.isPresent() || Found.MODES.has(mode);
  }

  @Override
  public boolean supports(AeadMode mode) {
    return unavailableBecause.isPresent() || Found.MODES.has(mode);
  }

  @Override
  public Optional<String> unavailableBecause() {
    return unavailableBecause;
  }

  @Override
  public Optional<String> selfTest() {
    return unavailableBecause.or(() -> Found.MODES.disproof());
  }

  @Override
  public DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    checkAvailable();
    return Found.MODES.prepare(mode, key);
  }

  @Override
  public AeadCipher prepareAead(AeadMode mode, MemorySegment key) {
    checkAvailable();
    return Found.MODES.prepareAead(mode, key);
  }

  private void checkAvailable() {
    if (unavailableBecause.isPresent()) {
      throw new IllegalStateException(
          "engine openssl is not available: " + unavailableBecause.get());
    }
  }
}
