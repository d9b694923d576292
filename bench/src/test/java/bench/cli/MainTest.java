package bench.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpAndVersionPrintNothingOnStderr() {
    assertThat(execute("--help")).isZero();
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).contains("Usage: inlinecrypt").contains("--verbose");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatEachCommandIsForIsAWholeSentence() {
    assertThat(commandsBelow(Main.commandLine()))
        .extracting(command -> command.getCommandSpec().usageMessage().description()[0])
        .isNotEmpty()
        .allMatch(summary -> summary.matches(".*[.?]"));
  }

  private static Stream<CommandLine> commandsBelow(CommandLine line) {
    return line.getSubcommands().values().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), commandsBelow(command)));
  }

  @Test
  void aUsageErrorIsOneLineAndExitCode2() {
    assertThat(execute("--no-such-option")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "inlinecrypt: Unknown option: '--no-such-option' (see inlinecrypt --help)"
                + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void noCommandAtAllIsAUsageError() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void aRefusalIsOneLineWithItsExitCode() {
    assertThat(executeThrowing(CliException.usage("no such directory: x"))).isEqualTo(2);
    assertThat(executeThrowing(CliException.failure("3 blocks differ"))).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("inlinecrypt: no such directory: x", "inlinecrypt: 3 blocks differ");
  }

  @Test
  void anUnexpectedExceptionIsOneLineThatNamesItsClass() {
    assertThat(executeThrowing(new IllegalStateException("two\nlines"))).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("inlinecrypt: java.lang.IllegalStateException: two lines");
  }

  @Test
  void verboseAddsTheStackTrace() {
    executeThrowing(
        CliException.failure("cannot read", new IllegalStateException("x")), "--verbose");
    assertThat(err.toString())
        .startsWith("inlinecrypt: cannot read")
        .contains("Caused by: java.lang.IllegalStateException: x");
  }

  @Test
  void outputThatIsLostIsOneLineAndExitCode1() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(lines, true, UTF_8);
    assertThat(Main.allWritten(0, new PrintStream(new Full(), true, UTF_8), to)).isEqualTo(0);
    PrintStream full = new PrintStream(new Full(), true, UTF_8);
    full.print("x");
    assertThat(Main.allWritten(2, full, to)).as("has failed already").isEqualTo(2);
    assertThat(lines.toString(UTF_8)).isEmpty();
    assertThat(Main.allWritten(0, full, to)).isEqualTo(1);
    assertThat(lines.toString(UTF_8).lines())
        .containsExactly("inlinecrypt: cannot write to the standard output");
  }

  private static final class Full extends OutputStream {
    @Override
    public void write(int oneByte) throws IOException {
      throw new IOException("no space left");
    }
  }

  private int execute(String... args) {
    return execute(Main.commandLine(), args);
  }

  private int executeThrowing(RuntimeException failure, String... options) {
    CommandLine line = Main.commandLine().addSubcommand(new Failing(failure));
    String[] args = new String[options.length + 1];
    args[0] = "fail";
    System.arraycopy(options, 0, args, 1, options.length);
    return execute(line, args);
  }

  private int execute(CommandLine line, String... args) {
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
  }

  @Command(name = "fail")
  private record Failing(RuntimeException failure) implements Callable<Integer> {
    @Override
    public Integer call() {
      throw failure;
    }
  }
}
