package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The modes one engine has. Each is proven with {@link KnownAnswers} before its first key, and
 * prepares no key while they do not come out.
 *
 * <p>Thread-safe; two threads that come first both run the tests.
 */
final class ProvenModes {
  private final String engineName;
  private final Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers =
      new EnumMap<>(CryptoMode.class);
  private final Map<AeadMode, Function<MemorySegment, AeadCipher>> aeads =
      new EnumMap<>(AeadMode.class);
  private final Set<Enum<?>> proven = ConcurrentHashMap.newKeySet();

  /** Each function makes a keyed cipher from a key of the mode's length, proven or not. */
  ProvenModes(
      String engineName,
      Map<CryptoMode, Function<MemorySegment, DataUnitCipher>> ciphers,
      Map<AeadMode, Function<MemorySegment, AeadCipher>> aeads) {
    this.engineName = engineName;
    this.ciphers.putAll(ciphers);
    this.aeads.putAll(aeads);
  }

  boolean has(CryptoMode mode) {
    return ciphers.containsKey(mode);
  }

  boolean has(AeadMode mode) {
    return aeads.containsKey(mode);
  }

  /**
   * Makes a keyed cipher.
   *
   * @throws IllegalArgumentException if the engine does not have the mode, or the key is not of its
   *     length
   * @throws IllegalStateException if a known answer does not come out, or the key's arena is closed
   */
  DataUnitCipher prepare(CryptoMode mode, MemorySegment key) {
    Function<MemorySegment, DataUnitCipher> keyedCipher = ciphers.get(mode);
    if (keyedCipher == null) {
      throw lacking(mode);
    }
    checkKey(mode, mode.keyBytes(), key);
    if (!proven.contains(mode)) {
      noteProof(mode, KnownAnswers.disproof(mode, keyedCipher));
    }
    return keyedCipher.apply(key);
  }

  /** Makes a keyed authenticated cipher; everything else is as in {@link #prepare}. */
  AeadCipher prepareAead(AeadMode mode, MemorySegment key) {
    Function<MemorySegment, AeadCipher> keyedCipher = aeads.get(mode);
    if (keyedCipher == null) {
      throw lacking(mode);
    }
    checkKey(mode, AeadMode.KEY_BYTES, key);
    if (!proven.contains(mode)) {
      noteProof(mode, KnownAnswers.disproof(mode, keyedCipher));
    }
    return keyedCipher.apply(key);
  }

  /** Proves all modes again; empty if they pass, else what came out wrong first. */
  Optional<String> disproof() {
    return Stream.concat(
            ciphers.entrySet().stream()
                .map(entry -> KnownAnswers.disproof(entry.getKey(), entry.getValue())),
            aeads.entrySet().stream()
                .map(entry -> KnownAnswers.disproof(entry.getKey(), entry.getValue())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private void noteProof(Enum<?> mode, Optional<String> disproof) {
    if (disproof.isPresent()) {
      throw new IllegalStateException(
          "engine " + engineName + " fails its self-test: " + disproof.get());
    }
    proven.add(mode);
  }

  private static void checkKey(Enum<?> mode, int keyBytes, MemorySegment key) {
    if (key.byteSize() != keyBytes) {
      throw new IllegalArgumentException(
          mode + " takes a key of " + keyBytes + " bytes, not " + key.byteSize());
    }
    Segments.checkAccess(key, 0);
  }

  private IllegalArgumentException lacking(Enum<?> mode) {
    return new IllegalArgumentException("engine " + engineName + " does not have " + mode);
  }
}
