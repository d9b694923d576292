package bench.cli;

import bench.report.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What options that name a file for a report have in common. */
final class ReportOption {
  /** In place of a name: the standard output, instead of what a command prints otherwise. */
  static final String STDOUT = "-";

  private ReportOption() {}

  /**
   * The file that {@code option} names, null for none and for {@link #STDOUT}.
   *
   * @throws CliException if it could not be written
   */
  static @Nullable ReportFile file(String option, @Nullable String name) {
    if (name == null || name.equals(STDOUT)) {
      return null;
    }
    if (name.isEmpty()) {
      throw CliException.usage(option + "= names no file");
    }
    try {
      return new ReportFile(Path.of(name));
    } catch (IOException e) {
      throw CliException.usage(option + " " + e.getMessage());
    }
  }

  /**
   * @throws CliException if that fails
   */
  static void write(@Nullable ReportFile file, String text) {
    if (file != null) {
      try {
        file.write(text);
      } catch (IOException e) {
        throw CliException.failure("cannot write the report: " + e.getMessage(), e);
      }
    }
  }
}
