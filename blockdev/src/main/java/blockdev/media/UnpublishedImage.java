package blockdev.media;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file under a temporary name, beside the one it is to become. Deleted when the program ends
 * before it is published, by Ctrl-C too; a killed program leaves it for the next one to overwrite.
 */
final class UnpublishedImage {
  private final Path temporary;
  private final Path file;
  private final Thread deleteAtExit = new Thread(this::deleteQuietly, "delete unpublished image");
  private boolean ended;

  UnpublishedImage(Path temporary, Path file) {
    this.temporary = temporary;
    this.file = file;
    Runtime.getRuntime().addShutdownHook(deleteAtExit);
  }

  static void checkAbsent(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "exists already, and is not overwritten");
    }
  }

  static Path directory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new FileSystemException(file.toString(), null, "no such directory: " + directory);
    }
    return directory;
  }

  static Path temporaryName(Path file) throws IOException {
    return directory(file).resolve("." + file.getFileName() + ".part");
  }

  /** Moves the image to its name, without replacing what may have appeared there. */
  void publish() throws IOException {
    checkAbsent(file);
    try {
      Files.createLink(file, temporary);
      Files.delete(temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
      Files.move(temporary, file); // looks first, then renames
    }
    end();
  }

  /** Deletes the image; does nothing once it is published. */
  void discard() throws IOException {
    if (!ended) {
      Files.deleteIfExists(temporary);
      end();
    }
  }

  private void end() {
    ended = true;
    try {
      Runtime.getRuntime().removeShutdownHook(deleteAtExit);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook finds nothing to delete
    }
  }

  private void deleteQuietly() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return; // nobody is left to hear of it
    }
  }
}
