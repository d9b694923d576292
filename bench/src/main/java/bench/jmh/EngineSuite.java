package bench.jmh;

import bench.jmh.EngineCLoop.Speed;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link EngineBenchmark} and {@link HandWrittenXts}, with the C loops before and after them
 * where gcc is there, and prints each speed and its ratio to C in the same run: for AES-256-XTS to
 * libcrypto's own, for Adiantum to a pass of ChaCha20 and one of Poly1305.
 *
 * <p>All speeds are those of the best slice of half a second: what else runs on a shared machine
 * can only slow a slice down.
 */
public final class EngineSuite {
  private static final double C_LOOP_SLICE_SECONDS = 0.5;
  private static final List<Integer> DATA_UNIT_SIZES_BYTES = List.of(512, 4096, 65536);

  private EngineSuite() {}

  /**
   * Runs with {@code jmhOptions}; without an include pattern among them, both directions, and
   * without an engine all that are here and have the modes.
   *
   * @throws IllegalArgumentException if there is no such engine or mode, or it lacks the mode
   * @throws IllegalStateException if the engine is not here
   * @throws RunnerException if JMH cannot run, or a benchmark fails its check
   */
  public static void run(Options jmhOptions, PrintWriter out) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(MeasuredEngines.orAll(jmhOptions)).shouldFailOnError(true);
    if (jmhOptions.getIncludes().isEmpty()) {
      options.include(EngineBenchmark.class.getName());
      options.include(HandWrittenXts.class.getName());
    }
    Optional<EngineCLoop> loop = EngineCLoop.compile();
    try {
      Map<Integer, Speed> before = loopSpeeds(loop);
      Collection<RunResult> results = new Runner(options.build()).run();
      print(results, before, loopSpeeds(loop), out);
    } finally {
      loop.ifPresent(EngineCLoop::close);
    }
  }

  private static Map<Integer, Speed> loopSpeeds(Optional<EngineCLoop> loop) {
    return loop.map(present -> present.run(C_LOOP_SLICE_SECONDS, DATA_UNIT_SIZES_BYTES))
        .orElse(Map.of());
  }

  private static void print(
      Collection<RunResult> results,
      Map<Integer, Speed> before,
      Map<Integer, Speed> after,
      PrintWriter out) {
    out.printf("%nOne call over 64 KiB in the cache, GB/s%n%n");
    out.printf(
        "%-20s %-19s %-8s %9s %7s %7s %7s %7s%n",
        "engine", "mode", "", "data unit", "threads", "speed", "C", "ratio");
    for (RunResult result : results) {
      String label = result.getPrimaryResult().getLabel();
      int size = Integer.parseInt(result.getParams().getParam("dataUnitSizeBytes"));
      String byHand = result.getParams().getParam("provider");
      String engine = byHand == null ? result.getParams().getParam("engine") : byHand + " by hand";
      String mode = byHand == null ? result.getParams().getParam("mode") : "AES_256_XTS";
      double bytesPerSecond =
          result.getPrimaryResult().getStatistics().getMax() * EngineBenchmark.RUN_BYTES;
      out.printf(
          Locale.ROOT,
          "%-20s %-19s %-8s %9d %7d %7.3f",
          engine,
          mode,
          label,
          size,
          result.getParams().getThreads(),
          bytesPerSecond / 1e9);
      Speed first = before.get(size);
      Speed second = after.get(size);
      if (first != null && second != null) {
        double loop = loopBytesPerSecond(first.best(second), mode, label);
        if (loop > 0) {
          out.printf(Locale.ROOT, " %7.3f %7.2f", loop / 1e9, bytesPerSecond / loop);
        }
      }
      out.println();
    }
    if (before.isEmpty()) {
      out.println("No C loop to compare with: gcc or libcrypto.so.3 is not there.");
    }
    out.flush();
  }

  /** What C reaches at {@code mode}; 0 if the loops say nothing about it. */
  private static double loopBytesPerSecond(Speed loop, String mode, String label) {
    return switch (mode) {
      case "AES_256_XTS" ->
          label.equals("encrypt") ? loop.encryptBytesPerSecond() : loop.decryptBytesPerSecond();
      case "ADIANTUM" -> loop.chacha20AndPoly1305BytesPerSecond();
      default -> 0;
    };
  }
}
