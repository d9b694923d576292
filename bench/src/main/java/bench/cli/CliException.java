package bench.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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

  /** As {@link #failure(String, Throwable)}, for a file that cannot be used as it should be. */
  public static CliException failure(IOException cause) {
    return failure(describe(cause), cause);
  }

  /** The JDK puts no more than the name of the file into the messages of some exceptions. */
  private static String describe(IOException cause) {
    return switch (cause) {
      case FileSystemException e when e.getReason() != null -> String.valueOf(e.getMessage());
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      default ->
          cause.getClass() == IOException.class
              ? String.valueOf(cause.getMessage())
              : cause.toString();
    };
  }

  int exitCode() {
    return exitCode;
  }
}
