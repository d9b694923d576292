package bench.cli;

import java.io.PrintStream;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code inlinecrypt}: names the commands and turns what they throw into one line. */
@Command(
    name = "inlinecrypt",
    description = "A block-device simulator with a software inline-encryption engine.",
    versionProvider = Main.Version.class,
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      TraceCommand.class,
      CryptCommand.class,
      EnginesCommand.class,
      DeviceCommand.class,
      ProfileCommand.class,
      ImageCommand.class,
      WorkloadCommand.class,
      ExperimentCommand.class,
      JmhCommand.class
    })
public final class Main implements Runnable {
  @Option(
      names = "--verbose",
      description = "Show the stack trace of an error.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    int exitCode;
    try {
      exitCode = commandLine().execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println(oneLine("not enough memory: " + e.getMessage()));
      System.exit(ExitCode.SOFTWARE);
      return;
    }
    System.exit(allWritten(exitCode, System.out, System.err));
  }

  /** The exit code of a command that ended with {@code exitCode}: a lost output is a failure. */
  static int allWritten(int exitCode, PrintStream out, PrintStream err) {
    if (exitCode != ExitCode.OK || !out.checkError()) {
      return exitCode;
    }
    err.println(oneLine("cannot write to the standard output"));
    return ExitCode.SOFTWARE;
  }

  /** The whole command line; {@code execute} answers the exit code and never throws. */
  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setParameterExceptionHandler(Main::reportUsageError)
        .setExecutionExceptionHandler((e, command, parsed) -> main.reportFailure(e, command));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int reportUsageError(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    command.getErr().println(oneLine(messageOf(e)) + " (see " + help + ")");
    return ExitCode.USAGE;
  }

  private int reportFailure(Exception e, CommandLine command) {
    boolean expected = e instanceof CliException;
    command.getErr().println(oneLine(expected ? messageOf(e) : e.toString()));
    if (verbose) {
      e.printStackTrace(command.getErr());
    }
    return e instanceof CliException cli ? cli.exitCode() : ExitCode.SOFTWARE;
  }

  private static String messageOf(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private static String oneLine(String message) {
    return "inlinecrypt: " + message.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The version that the jar's manifest names. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"inlinecrypt " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
