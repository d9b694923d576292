package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.security.Security;
import java.util.Optional;

/**
 * The JDK's own AES, which HotSpot replaces by the processor's instructions, with the modes around
 * it our own: the JDK has none of them in a form that starts a data unit without allocating.
 *
 * <p>It has no SM4, because the JDK has none. GCM-SIV alone allocates, for the key schedule of each
 * message. Keys are wiped where they are ours; what the JDK keeps of them can only be dropped (see
 * {@link JceCipher}).
 */
public final class JceEngine implements CipherEngine {
  private final ProvenModes modes = new ProvenModes("jce", JceModes.CIPHERS, JceModes.AEADS);

  private final Optional<String> unavailableBecause;

  JceEngine() {
    this(JceCipher.PROVIDER);
  }

  JceEngine(String provider) {
    this.unavailableBecause =
        Security.getProvider(provider) == null
            ? Optional.of("this Java runtime has no provider " + provider)
            : Optional.empty();
  }

  @Override
  public String name() {
    return "jce";
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
    return modes.prepare(mode, key);
  }

  @Override
  public AeadCipher prepareAead(AeadMode mode, MemorySegment key) {
    return modes.prepareAead(mode, key);
  }
}
