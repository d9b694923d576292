package bench.cli;

import bench.jmh.BioSuite;
import bench.jmh.EngineSuite;
import bench.jmh.KeySetupSuite;
import bench.jmh.KeyslotBenchmark;
import bench.jmh.SimulatorSuite;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code jmh}: runs a JMH suite and prints its ratios at the end. */
@Command(
    name = "jmh",
    description = {
      "Run a JMH suite, with quick settings unless options of JMH say otherwise.",
      "Everything after SUITE goes to JMH, for example: jmh engine -p engine=openssl -prof gc"
    })
public final class JmhCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SUITE",
      description = {
        "engine: ciphers beside a C loop over libcrypto;",
        "keysetup: derive, prepare, close;",
        "keyslot: acquire and release, hits and misses;",
        "bio: bio to medium beside the engine alone;",
        "simulator: I/Os of virtual time, and bio with one thread."
      })
  private String suite = "";

  @Unmatched private final List<String> jmhArguments = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Options options = new CommandLineOptions(jmhArguments.toArray(String[]::new));
      switch (suite) {
        case "engine" -> EngineSuite.run(options, out);
        case "keysetup" -> KeySetupSuite.run(options);
        case "keyslot" -> run(KeyslotBenchmark.class, options);
        case "bio" -> BioSuite.run(options, out);
        case "simulator" -> SimulatorSuite.run(options, out);
        default ->
            throw CliException.usage(
                "no suite " + suite + "; there are engine, keysetup, keyslot, bio and simulator");
      }
      return ExitCode.OK;
    } catch (CommandLineOptionException e) {
      throw CliException.usage("JMH: " + e.getMessage());
    } catch (RunnerException e) {
      throw CliException.failure("JMH: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) { // No such engine or mode.
      throw CliException.usage(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) { // An engine that is not here.
      throw CliException.failure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void run(Class<?> benchmark, Options jmhOptions) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(jmhOptions).shouldFailOnError(true);
    if (jmhOptions.getIncludes().isEmpty()) {
      options.include("^" + benchmark.getName() + "\\.");
    }
    new Runner(options.build()).run();
  }
}
