package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The engines to choose from, fastest first, and the two ways to choose. */
record EngineChoice(List<CipherEngine> engines) {
  /**
   * Modes in which {@code jce} is faster than {@code openssl}. It encrypts many data units side by
   * side where CBC is a chain, and decrypts all of a run at once (2 to 5 times at 512 bytes). With
   * ciphertext stealing each unit goes by itself in both, but names are short, and a call into
   * libcrypto costs as much as their AES: for 16 to 255 bytes {@code openssl} takes 1.2 to 2.5
   * times as long.
   */
  private static final Set<CryptoMode> FASTER_WITH_JCE =
      EnumSet.of(
          CryptoMode.AES_128_CBC_ESSIV,
          CryptoMode.AES_256_CBC_ESSIV,
          CryptoMode.AES_256_CBC,
          CryptoMode.AES_256_CBC_CTS,
          CryptoMode.AES_128_CBC_CTS);

  static final EngineChoice BUILT_IN =
      new EngineChoice(
          List.of(
              new OpenSslEngine(),
              new JceEngine(),
              new BouncyCastleEngine(),
              new ReferenceEngine()));

  CipherEngine fastest(CryptoMode mode) {
    if (FASTER_WITH_JCE.contains(mode)) {
      Optional<CipherEngine> jce =
          firstThere(engine -> engine instanceof JceEngine && engine.supports(mode));
      if (jce.isPresent()) {
        return jce.get();
      }
    }
    return fastest(engine -> engine.supports(mode), mode);
  }

  CipherEngine fastest(AeadMode mode) {
    return fastest(engine -> engine.supports(mode), mode);
  }

  private CipherEngine fastest(Predicate<CipherEngine> hasMode, Object mode) {
    return firstThere(hasMode)
        .orElseThrow(() -> new IllegalStateException("no engine has " + mode));
  }

  private Optional<CipherEngine> firstThere(Predicate<CipherEngine> wanted) {
    return engines.stream()
        .filter(engine -> wanted.test(engine) && engine.unavailableBecause().isEmpty())
        .findFirst();
  }

  CipherEngine named(String name) {
    CipherEngine engine =
        engines.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no engine is named \"" + name + "\"; there are " + names()));
    engine
        .unavailableBecause()
        .ifPresent(cause -> {
          throw new IllegalStateException("engine " + name + " is not available: " + cause);
        });
    return engine;
  }

  private String names() {
    return engines.stream().map(CipherEngine::name).collect(Collectors.joining(", "));
  }
}
