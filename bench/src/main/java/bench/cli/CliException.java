package bench.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Ends a command with one clear line on stderr, the message, and an exit code. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private CliException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What was asked for makes no sense, or cannot be: exit code 2. */
  public static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, message, null);
  }

  /** The work failed or did not verify: exit code 1. */
  public static CliException failure(String message) {
    return new CliException(ExitCode.SOFTWARE, message, null);
  }

  /** As {@link #failure(String)}; {@code --verbose} shows the stack trace of {@code cause} too. */
  public static CliException failure(String message, Throwable cause) {
    return new CliException(ExitCode.SOFTWARE, message, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
