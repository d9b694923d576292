package bench.jmh;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link BioBenchmark} with one thread and with two, and prints what share of the engine's
 * speed is left behind the whole path, what it allocates, and what the second thread adds.
 *
 * <p>Speeds are those of the best slice: what else runs on a shared machine can only slow a slice
 * down.
 */
public final class BioSuite {
  private static final String ALLOCATED_BYTES = "gc.alloc.rate.norm";

  /** The parameters that make a case. */
  private static final List<String> CASE = List.of("engine", "pattern", "op");

  private BioSuite() {}

  /**
   * Runs with {@code jmhOptions}, which may set another number of threads; without an engine, with
   * the fastest that is here.
   *
   * @throws IllegalArgumentException if there is no such engine
   * @throws IllegalStateException if the engine is not here
   * @throws RunnerException if JMH cannot run, or a benchmark fails its check
   */
  public static void run(Options jmhOptions, PrintWriter out) throws RunnerException {
    Options settled = MeasuredEngines.orAuto(jmhOptions);
    List<Integer> threadCounts =
        jmhOptions.getThreads().hasValue() ? List.of(jmhOptions.getThreads().get()) : List.of(1, 2);
    List<RunResult> results = new ArrayList<>();
    for (int threads : threadCounts) {
      OptionsBuilder options = new OptionsBuilder();
      options
          .parent(settled)
          .include("^" + BioBenchmark.class.getName() + "\\.")
          .threads(threads)
          .addProfiler(GCProfiler.class)
          .shouldFailOnError(true);
      results.addAll(new Runner(options.build()).run());
    }
    print(results, out);
  }

  private static void print(List<RunResult> results, PrintWriter out) {
    out.printf("%nBio to medium and back: 1 GiB in memory, AES-256-XTS, data units of 4 KiB%n%n");
    out.printf(
        "%-12s %-13s %-5s %7s %10s %10s %6s %8s %8s%n",
        "engine", "bios", "op", "threads", "bio ns", "engine ns", "ratio", "scaling", "B/bio");
    for (RunResult bio : results) {
      if (!label(bio).equals("bio")) {
        continue;
      }
      BenchmarkParams params = bio.getParams();
      out.printf(
          Locale.ROOT,
          "%-12s %-13s %-5s %7d %10.0f",
          params.getParam("engine"),
          params.getParam("pattern"),
          params.getParam("op"),
          params.getThreads(),
          bestNs(bio));
      Optional<RunResult> alone = like(bio, "engineAlone", params.getThreads(), results);
      out.print(
          alone
              .map(run -> columns("%10.0f %6.2f", bestNs(run), bestNs(run) / bestNs(bio)))
              .orElse(columns("%10s %6s", "", "")));
      Optional<RunResult> single = like(bio, "bio", 1, results);
      out.print(
          single
              .map(run -> columns("%8.2f", params.getThreads() * bestNs(run) / bestNs(bio)))
              .orElse(columns("%8s", "")));
      out.println(columns("%8.2f", allocatedBytes(bio)));
    }
    out.printf(
        "%nratio: of the engine alone. scaling: of one thread. B/bio: allocated, with the few KB%n"
            + "that JMH itself takes in each slice.%n");
    out.flush();
  }

  /** The result of the same case with another method or number of threads. */
  private static Optional<RunResult> like(
      RunResult result, String label, int threads, List<RunResult> results) {
    return results.stream()
        .filter(other -> label(other).equals(label) && other.getParams().getThreads() == threads)
        .filter(
            other -> CASE.stream().allMatch(name -> param(other, name).equals(param(result, name))))
        .findFirst();
  }

  private static String param(RunResult result, String name) {
    return result.getParams().getParam(name);
  }

  private static String label(RunResult result) {
    return result.getPrimaryResult().getLabel();
  }

  private static double bestNs(RunResult result) {
    return result.getPrimaryResult().getStatistics().getMin();
  }

  static double allocatedBytes(RunResult result) {
    Result<?> allocated = Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED_BYTES));
    return allocated.getStatistics().getMean();
  }

  private static String columns(String format, Object... values) {
    return String.format(Locale.ROOT, " " + format, values);
  }
}
