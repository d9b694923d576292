package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/** Bouncy Castle's AES, in pure Java, with the XTS around it our own (it has none). */
public final class BouncyCastleEngine implements CipherEngine {
  private final ProvenModes modes =
      new ProvenModes(
          "bouncycastle", Map.of(CryptoMode.AES_256_XTS, BouncyCastleXts::new), Map.of());

  BouncyCastleEngine() {}

  @Override
  public String name() {
    return "bouncycastle";
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
