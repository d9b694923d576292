package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The modes written straight from their standards, for predicting what the other engines must give.
 * It shares no cipher code with them, is never optimised, and takes no care of side channels.
 */
public final class ReferenceEngine implements CipherEngine {
  private final KnownAnswers answers = new KnownAnswers(name(), ReferenceXts::new);

  ReferenceEngine() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public boolean supports(CryptoMode mode) {
    return mode == CryptoMode.AES_256_XTS;
  }

  @Override
  public Optional<String> unavailableBecause() {
    return Optional.empty();
  }

  @Override
  public Optional<String> selfTest() {
    return answers.run();
  }

  @Override
  public DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    answers.admit(mode, key);
    return new ReferenceXts(key);
  }
}
