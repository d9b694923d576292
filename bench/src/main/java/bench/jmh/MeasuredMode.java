package bench.jmh;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A mode that engines are measured in: one of data units, or an authenticated one of messages. */
public sealed interface MeasuredMode {
  /** All modes that there are. */
  static List<MeasuredMode> all() {
    return Stream.<MeasuredMode>concat(
            Arrays.stream(CryptoMode.values()).map(OfDataUnits::new),
            Arrays.stream(AeadMode.values()).map(OfMessages::new))
        .toList();
  }

  /**
   * The mode with the name of that constant, which is how JMH's parameter names it.
   *
   * @throws IllegalArgumentException if there is none
   */
  static MeasuredMode ofConstant(String name) {
    return all().stream()
        .filter(mode -> mode.constantName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no mode "
                    + name
                    + "; there are "
                    + String.join(", ", all().stream().map(MeasuredMode::constantName).toList())));
  }

  /** The name of the constant in {@link CryptoMode} or {@link AeadMode}. */
  String constantName();

  /** The name that people and Linux use. */
  String label();

  /** Whether {@code engine} has the mode. */
  boolean isOf(CipherEngine engine);

  /** The engine that is taken where none is named. */
  CipherEngine fastest();

  /**
   * A cipher of {@code engine} with a key made from {@code seed}, and the runs that it works on.
   *
   * @param runBytes of a run, a multiple of the next
   * @param dataUnitSizeBytes of a data unit or a message
   */
  MeasuredCipher keyed(CipherEngine engine, long seed, int runBytes, int dataUnitSizeBytes);

  /** A mode of data units. */
  record OfDataUnits(CryptoMode mode) implements MeasuredMode {
    @Override
    public String constantName() {
      return mode.name();
    }

    @Override
    public String label() {
      return mode.linuxName();
    }

    @Override
    public boolean isOf(CipherEngine engine) {
      return engine.supports(mode);
    }

    @Override
    public CipherEngine fastest() {
      return CipherEngine.fastest(mode);
    }

    @Override
    public MeasuredCipher keyed(
        CipherEngine engine, long seed, int runBytes, int dataUnitSizeBytes) {
      MemorySegment key = key(seed, mode.keyBytes());
      return new MeasuredDataUnits(engine.prepare(mode, key), runBytes, dataUnitSizeBytes);
    }
  }

  /** An authenticated mode. */
  record OfMessages(AeadMode mode) implements MeasuredMode {
    @Override
    public String constantName() {
      return mode.name();
    }

    @Override
    public String label() {
      return mode.toString();
    }

    @Override
    public boolean isOf(CipherEngine engine) {
      return engine.supports(mode);
    }

    @Override
    public CipherEngine fastest() {
      return CipherEngine.fastest(mode);
    }

    @Override
    public MeasuredCipher keyed(
        CipherEngine engine, long seed, int runBytes, int dataUnitSizeBytes) {
      MemorySegment key = key(seed, AeadMode.KEY_BYTES);
      return new MeasuredMessages(engine.prepareAead(mode, key), runBytes, dataUnitSizeBytes);
    }
  }

  private static MemorySegment key(long seed, int keyBytes) {
    byte[] key = new byte[keyBytes];
    new Random(seed).nextBytes(key);
    return MemorySegment.ofArray(key);
  }
}
