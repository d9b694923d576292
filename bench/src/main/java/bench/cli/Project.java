package bench.cli;

import java.nio.file.Path;

/** Where the project's own files are. */
final class Project {
  private Project() {}

  /** The folder that the launcher was started from the {@code bench} of; else the current one. */
  static Path home() {
    return Path.of(System.getProperty("inlinecrypt.home", ""));
  }
}
