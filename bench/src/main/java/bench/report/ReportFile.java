package bench.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that a report is written to. It is replaced when the report is whole, in one step; what is
 * no regular file, such as a pipe, is written to as it is.
 */
public final class ReportFile {
  private final Path path;
  private final Path directory;

  /**
   * @throws IOException if the file could not be written for a reason that can be known before
   *     there is a report
   */
  public ReportFile(Path path) throws IOException {
    this.path = path;
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null || Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "is a directory");
    }
    if (!Files.isDirectory(parent)) {
      throw new FileSystemException(path.toString(), null, "no such directory: " + parent);
    }
    if (!Files.isWritable(Files.exists(path) ? path : parent)) {
      throw new FileSystemException(path.toString(), null, "not writable");
    }
    directory = parent;
  }

  public void write(String text) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      Files.writeString(path, text);
      return;
    }
    Path temporary = directory.resolve("." + path.getFileName() + ".part");
    try {
      Files.writeString(temporary, text);
      Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
