package bench.cli;

import bench.jmh.EngineSuite;
import bench.jmh.KeySetupBenchmark;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  /** The suites, under the names that the command line gives them in lower case. */
  enum Suite {
    ENGINE {
      @Override
      void run(Options options, PrintWriter out) throws RunnerException {
        EngineSuite.run(options, out);
      }
    },
    KEYSETUP {
      @Override
      void run(Options options, PrintWriter out) throws RunnerException {
        OptionsBuilder suite = new OptionsBuilder();
        suite.parent(options).shouldFailOnError(true);
        if (options.getIncludes().isEmpty()) {
          suite.include(KeySetupBenchmark.class.getName());
        }
        new Runner(suite.build()).run();
      }
    };

    abstract void run(Options options, PrintWriter out) throws RunnerException;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SUITE", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Suite suite;

  @Unmatched private final List<String> jmhArguments = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      suite.run(
          new CommandLineOptions(jmhArguments.toArray(String[]::new)), spec.commandLine().getOut());
      return ExitCode.OK;
    } catch (CommandLineOptionException e) {
      throw CliException.usage("JMH: " + e.getMessage());
    } catch (RunnerException e) {
      throw CliException.failure("JMH: " + e.getMessage(), e);
    }
  }
}
