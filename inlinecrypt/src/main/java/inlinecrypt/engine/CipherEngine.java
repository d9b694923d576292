package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A cipher engine: one implementation of the modes that turns a key into a {@link DataUnitCipher}.
 *
 * <p>Engines give the same bytes and differ in speed and in the modes they have. Each proves itself
 * with known answers before it prepares the first key of a mode, and refuses every key of that mode
 * if they do not come out. Stateless to its users and thread-safe.
 */
public sealed interface CipherEngine
    permits OpenSslEngine, JceEngine, BouncyCastleEngine, ReferenceEngine {
  /** The name that {@link #named} knows it by. */
  String name();

  /** Whether the engine has {@code mode}, were it there. */
  boolean supports(CryptoMode mode);

  /** Whether the engine has {@code mode}, were it there. */
  boolean supports(AeadMode mode);

  /** Why the engine cannot be used on this machine; empty if it can. */
  Optional<String> unavailableBecause();

  /**
   * Runs the known-answer tests of all modes it has; empty if they pass, else what came out wrong.
   */
  Optional<String> selfTest();

  /**
   * Makes a keyed cipher, which the caller closes. The key bytes are read during the call only.
   *
   * @throws IllegalArgumentException if the engine does not have {@code mode} or the key is not of
   *     its length
   * @throws IllegalStateException if the engine is not there, or failed its known answers, or the
   *     key's arena is closed
   * @throws WrongThreadException if the key's arena is another thread's
   */
  DataUnitCipher prepare(CryptoMode mode, MemorySegment key);

  /** Makes a keyed authenticated cipher; everything else is as in {@link #prepare}. */
  AeadCipher prepareAead(AeadMode mode, MemorySegment key);

  /** All engines, there or not, fastest first. */
  static List<CipherEngine> all() {
    return EngineChoice.BUILT_IN.engines();
  }

  /**
   * The fastest engine that is there and has {@code mode}. {@link ReferenceEngine} is always there.
   */
  static CipherEngine fastest(CryptoMode mode) {
    return EngineChoice.BUILT_IN.fastest(mode);
  }

  /** The fastest engine that is there and has {@code mode}. */
  static CipherEngine fastest(AeadMode mode) {
    return EngineChoice.BUILT_IN.fastest(mode);
  }

  /**
   * The engine of that name and no other.
   *
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the engine is not there; the message says why
   */
  static CipherEngine named(String name) {
    return EngineChoice.BUILT_IN.named(name);
  }
}
