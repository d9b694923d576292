package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.util.Optional;

/** Which engine serves a mode. */
public interface EngineSelection {
  /** The name of {@link #fastest}, beside those of engines. */
  String AUTO = "auto";

  /** The engine for {@code mode}; empty if it is lacking. */
  Optional<CipherEngine> engineFor(CryptoMode mode);

  /** For each mode the fastest engine that is there and has it. */
  static EngineSelection fastest() {
    return mode ->
        CipherEngine.all().stream()
                .anyMatch(engine -> engine.supports(mode) && engine.unavailableBecause().isEmpty())
            ? Optional.of(CipherEngine.fastest(mode))
            : Optional.empty();
  }

  /**
   * One engine for everything, or the fastest of each mode by the name of {@value #AUTO}.
   *
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the engine is not there; the message says why
   */
  static EngineSelection named(String name) {
    if (name.equals(AUTO)) {
      return fastest();
    }
    CipherEngine engine = CipherEngine.named(name);
    return mode -> Optional.of(engine).filter(named -> named.supports(mode));
  }
}
