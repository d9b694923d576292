package bench.jmh;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link SimulatorBenchmark} and prints I/Os per second of virtual time, then {@link BioSuite}
 * with one thread: the same way through the rings in immediate time, with bytes.
 */
public final class SimulatorSuite {
  private static final double BUDGET_PER_SECOND = 2e6;

  private SimulatorSuite() {}

  /**
   * Runs with {@code jmhOptions}; an engine among them is that of {@link BioSuite}.
   *
   * @throws IllegalArgumentException if there is no such engine
   * @throws IllegalStateException if the engine is not here
   * @throws RunnerException if JMH cannot run, or a benchmark fails its check
   */
  public static void run(Options jmhOptions, PrintWriter out) throws RunnerException {
    Options settled = MeasuredEngines.orAuto(jmhOptions); // before anything is measured
    OptionsBuilder options = new OptionsBuilder();
    options
        .parent(settled)
        .include("^" + SimulatorBenchmark.class.getName() + "\\.")
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true);
    Collection<RunResult> results = new Runner(options.build()).run();
    OptionsBuilder immediate = new OptionsBuilder();
    immediate.parent(settled).threads(1);
    BioSuite.run(immediate.build(), out);
    print(results, out);
  }

  private static void print(Collection<RunResult> results, PrintWriter out) {
    out.printf("%nVirtual time: random 4 KiB reads, 4 x 32 under way, 256 keys on 32 slots%n%n");
    out.printf(
        "%-10s %-10s %8s %8s %12s %8s %8s%n",
        "media", "keys by", "ns", "best ns", "I/Os per s", "budget", "B/I/O");
    for (RunResult result : results) {
      Statistics ns = result.getPrimaryResult().getStatistics();
      out.printf(
          Locale.ROOT,
          "%-10s %-10s %8.0f %8.0f %12.0f %8.2f %8.2f%n",
          result.getParams().getParam("media"),
          result.getParams().getParam("keyDist"),
          ns.getMean(),
          ns.getMin(),
          1e9 / ns.getMean(),
          1e9 / ns.getMean() / BUDGET_PER_SECOND,
          BioSuite.allocatedBytes(result));
    }
    out.printf(
        "%nbudget: times two million a second. B/I/O: allocated, what JMH takes included.%n");
    out.flush();
  }
}
