package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Bouncy Castle's AES, in pure Java, with the XTS around it our own (it has none). */
public final class BouncyCastleEngine implements CipherEngine {
  private final KnownAnswers answers = new KnownAnswers(name(), BouncyCastleXts::new);

  BouncyCastleEngine() {}

  @Override
  public String name() {
    return "bouncycastle";
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
    return new BouncyCastleXts(key);
  }
}
