package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All modes as {@link inlinecrypt.reference} has them from their papers, for predicting what the
 * other engines must give. It shares no cipher code with them, is never optimised, and takes no
 * care of side channels.
 */
public final class ReferenceEngine implements CipherEngine {
  private final ProvenModes modes = new ProvenModes("reference", everyMode(), everyAeadMode());

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

  private static Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> everyMode() {
    Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers =
        new EnumMap<>(CryptoMode.class);
    for (CryptoMode mode : CryptoMode.values()) {
      ciphers.put(mode, key -> new ReferenceCipher(mode, key));
    }
    return ciphers;
  }

  private static Map<AeadMode, Function<MemorySegment, AeadCipher>> everyAeadMode() {
    Map<AeadMode, Function<MemorySegment, AeadCipher>> aeads = new EnumMap<>(AeadMode.class);
    for (AeadMode mode : AeadMode.values()) {
      aeads.put(mode, key -> new ReferenceAead(mode, key));
    }
    return aeads;
  }
}
