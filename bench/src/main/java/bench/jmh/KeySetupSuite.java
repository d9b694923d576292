package bench.jmh;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link KeySetupBenchmark}. */
public final class KeySetupSuite {
  private KeySetupSuite() {}

  /**
   * Runs with {@code jmhOptions}; without an include pattern among them, all of it, and without an
   * engine, with the fastest that is here.
   *
   * @throws IllegalArgumentException if there is no such engine or mode, or it lacks the mode
   * @throws IllegalStateException if the engine is not here
   * @throws RunnerException if JMH cannot run
   */
  public static void run(Options jmhOptions) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(MeasuredEngines.orAuto(jmhOptions)).shouldFailOnError(true);
    if (jmhOptions.getIncludes().isEmpty()) {
      options.include("^" + KeySetupBenchmark.class.getName() + "\\.");
    }
    new Runner(options.build()).run();
  }
}
