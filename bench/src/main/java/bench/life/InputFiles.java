package bench.life;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The regular files below a directory, in byte order of their paths. Symbolic links and special
 * files are skipped and counted.
 *
 * @param directories relative paths of all directories below {@code root}, parents first
 */
record InputFiles(Path root, List<String> directories, List<InputFile> files, int skipped) {
  /**
   * @param path relative to the root, with '/' between its parts
   */
  record InputFile(String path, Path source, long sizeBytes) {}

  private static final Comparator<String> BYTE_ORDER =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  /**
   * @param directory may be a symbolic link to one
   * @throws IOException if a directory cannot be read, or a name is no text
   * @throws NoInputException if there is no regular file
   */
  static InputFiles below(Path directory) throws IOException {
    Path root = directory.toRealPath();
    List<String> directories = new ArrayList<>();
    List<InputFile> files = new ArrayList<>();
    int[] skipped = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!path.equals(root)) {
              directories.add(text(root.relativize(path)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.add(new InputFile(text(root.relativize(path)), path, attributes.size()));
            } else {
              skipped[0]++;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    if (files.isEmpty()) {
      throw new NoInputException(directory);
    }
    directories.sort(BYTE_ORDER);
    files.sort(Comparator.comparing(InputFile::path, BYTE_ORDER));
    return new InputFiles(root, directories, files, skipped[0]);
  }

  /** Names are bytes to Linux; what the locale makes of them must lead back to the same file. */
  private static String text(Path relative) throws IOException {
    String text = relative.toString();
    boolean same;
    try {
      same = relative.getFileSystem().getPath(text).equals(relative);
    } catch (InvalidPathException e) {
      same = false;
    }
    if (!same) {
      throw new FileSystemException(
          text, null, "this locale has no characters for the name; try LC_ALL=C.UTF-8");
    }
    return text;
  }

  long bytes() {
    return files.stream().mapToLong(InputFile::sizeBytes).sum();
  }

  /** Bytes of whole blocks that the files take. */
  long blockBytes(int blockBytes) {
    return files.stream()
        .mapToLong(file -> Math.ceilDiv(file.sizeBytes(), (long) blockBytes) * blockBytes)
        .sum();
  }
}
