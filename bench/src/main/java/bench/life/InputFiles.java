package bench.life;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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

  static InputFiles below(Path root) throws IOException {
    List<String> directories = new ArrayList<>();
    List<InputFile> files = new ArrayList<>();
    int[] skipped = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            if (!path.equals(root)) {
              directories.add(relative(path));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(new InputFile(relative(path), path, attributes.size()));
            } else {
              skipped[0]++;
            }
            return FileVisitResult.CONTINUE;
          }

          private String relative(Path path) {
            return root.relativize(path).toString().replace('\\', '/');
          }
        });
    directories.sort(BYTE_ORDER);
    files.sort(Comparator.comparing(InputFile::path, BYTE_ORDER));
    return new InputFiles(root, directories, files, skipped[0]);
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
