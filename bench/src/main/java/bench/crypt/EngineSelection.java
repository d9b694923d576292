package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which engine serves a mode: the one that was asked for, or else the fastest there is. */
public final class EngineSelection {
  private final @Nullable CipherEngine forced; // null for the fastest

  private EngineSelection(@Nullable CipherEngine forced) {
    this.forced = forced;
  }

  public static EngineSelection fastest() {
    return new EngineSelection(null);
  }

  /**
   * One engine for everything.
   *
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the engine is not there; the message says why
   */
  public static EngineSelection named(String name) {
    return new EngineSelection(CipherEngine.named(name));
  }

  /** The engine for {@code mode}; empty if it is lacking. */
  public Optional<CipherEngine> engineFor(CryptoMode mode) {
    if (forced != null) {
      return Optional.of(forced).filter(engine -> engine.supports(mode));
    }
    boolean isThere =
        CipherEngine.all().stream()
            .anyMatch(engine -> engine.supports(mode) && engine.unavailableBecause().isEmpty());
    return isThere ? Optional.of(CipherEngine.fastest(mode)) : Optional.empty();
  }

  /** What to say when a mode is lacking. */
  public String lacks(CryptoMode mode) {
    return (forced == null ? "no engine here has " : forced.name() + " does not have ") + mode;
  }
}
