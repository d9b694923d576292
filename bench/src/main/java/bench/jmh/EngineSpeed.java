package bench.jmh;

import inlinecrypt.engine.CipherEngine;
import java.util.List;

/**
 * A first impression of an engine's speed, in less time than JMH needs to start: 64 KiB a call, in
 * native memory that stays in the cache, one thread.
 */
public record EngineSpeed(
    int dataUnitSizeBytes, double encryptBytesPerSecond, double decryptBytesPerSecond) {
  private static final int RUN_BYTES = EngineBenchmark.RUN_BYTES;
  private static final long SEED = 1;
  private static final double MAX_WARM_UP_SECONDS = 0.1;

  /**
   * Measures each size for {@code seconds} each way, after a warm-up of them all that is no longer.
   */
  public static List<EngineSpeed> measure(
      CipherEngine engine, MeasuredMode mode, List<Integer> dataUnitSizesBytes, double seconds) {
    // All, because a small unit and a large one may go different ways.
    double warmUpSeconds = Math.min(MAX_WARM_UP_SECONDS, seconds);
    dataUnitSizesBytes.forEach(size -> measure(engine, mode, size, warmUpSeconds));
    return dataUnitSizesBytes.stream().map(size -> measure(engine, mode, size, seconds)).toList();
  }

  private static EngineSpeed measure(
      CipherEngine engine, MeasuredMode mode, int dataUnitSizeBytes, double seconds) {
    try (MeasuredCipher cipher = mode.keyed(engine, SEED, RUN_BYTES, dataUnitSizeBytes)) {
      MeasuredCipher.Run run = cipher.newRun();
      return new EngineSpeed(
          dataUnitSizeBytes,
          bytesPerSecond(run::encrypt, seconds),
          bytesPerSecond(run::decrypt, seconds));
    }
  }

  private static double bytesPerSecond(Runnable run, double seconds) {
    long startNs = System.nanoTime();
    double elapsedNs;
    long runs = 0;
    do {
      run.run();
      runs++;
      elapsedNs = System.nanoTime() - startNs;
    } while (elapsedNs < seconds * 1e9);
    return runs * RUN_BYTES / elapsedNs * 1e9;
  }
}
