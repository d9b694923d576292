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
 * Runs {@link EngineBenchmark}, with the C loop before and after it where gcc is there, and prints
 * each engine's speed and its ratio to the C loop of the same run.
 *
 * <p>Both speeds are those of the best slice of half a second: what else runs on a shared machine
 * can only slow a slice down.
 */
public final class EngineSuite {
  private static final double C_LOOP_SLICE_SECONDS = 0.5;
  private static final List<Integer> DATA_UNIT_SIZES_BYTES = List.of(512, 4096, 65536);

  private EngineSuite() {}

  /**
   * Runs with {@code jmhOptions}; without an include pattern among them, both directions.
   *
   * @throws RunnerException if JMH cannot run, or a benchmark fails its check
   */
  public static void run(Options jmhOptions, PrintWriter out) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(jmhOptions).shouldFailOnError(true);
    if (jmhOptions.getIncludes().isEmpty()) {
      options.include(EngineBenchmark.class.getName());
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
    out.printf("%nAES-256-XTS, one call over 64 KiB in the cache, one thread%n%n");
    out.printf(
        "%-12s %-9s %9s %9s %9s %7s%n",
        "engine", "direction", "data unit", "GB/s", "C GB/s", "ratio");
    for (RunResult result : results) {
      String label = result.getPrimaryResult().getLabel();
      int size = Integer.parseInt(result.getParams().getParam("dataUnitSizeBytes"));
      double bytesPerSecond =
          result.getPrimaryResult().getStatistics().getMax() * EngineBenchmark.RUN_BYTES;
      out.printf(
          Locale.ROOT,
          "%-12s %-9s %9d %9.3f",
          result.getParams().getParam("engine"),
          label,
          size,
          bytesPerSecond / 1e9);
      Speed first = before.get(size);
      Speed second = after.get(size);
      if (first != null && second != null) {
        double loop =
            label.equals("encrypt")
                ? Math.max(first.encryptBytesPerSecond(), second.encryptBytesPerSecond())
                : Math.max(first.decryptBytesPerSecond(), second.decryptBytesPerSecond());
        out.printf(Locale.ROOT, " %9.3f %7.2f", loop / 1e9, bytesPerSecond / loop);
      }
      out.println();
    }
    if (before.isEmpty()) {
      out.println("No C loop to compare with: gcc or libcrypto.so.3 is not there.");
    }
    out.flush();
  }
}
