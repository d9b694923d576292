package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * All modes in pure Java, on Bouncy Castle's AES, SM4, SHA-256 and GHASH tables. What is around
 * them is our own: Bouncy Castle lacks most of the modes, and has the others in forms that allocate
 * with each call.
 *
 * <p>Nothing allocates in steady state but GCM-SIV, which needs a key schedule for each message.
 * Closing wipes all but what Bouncy Castle only drops: SM4's key schedule and GHASH keys.
 */
public final class BouncyCastleEngine implements CipherEngine {
  private final ProvenModes modes =
      new ProvenModes("bouncycastle", BouncyCastleModes.CIPHERS, BouncyCastleModes.AEADS);

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
