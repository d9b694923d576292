package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * The modes written straight from their standards, for predicting what the other engines must give.
 * It shares no cipher code with them, is never optimised, and takes no care of side channels.
 */
public final class ReferenceEngine implements CipherEngine {
  private final ProvenModes modes =
      new ProvenModes("reference", Map.of(CryptoMode.AES_256_XTS, ReferenceXts::new), Map.of());

  ReferenceEngine() {}

  @Override
  public String name() {
    return "reference";
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
    return Optional.empty();
  }

  @Override
  public Optional<String> selfTest() {
    return modes.disproof();
  }

  @Override
  public DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    return modes.prepare(mode, key);
  }

  @Override
  public AeadCipher prepareAead(AeadMode mode, MemorySegment key) {
    return modes.prepareAead(mode, key);
  }
}
