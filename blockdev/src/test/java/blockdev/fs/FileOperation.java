package blockdev.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One step of a seeded scenario; its toString is what a failure prints. */
sealed interface FileOperation {
  record Create(String path) implements FileOperation {}

  record Write(String path, int offset, int bytes, long content) implements FileOperation {}

  record Truncate(String path, int bytes) implements FileOperation {}

  record Unlink(String path) implements FileOperation {}

  record Reflink(String from, String to) implements FileOperation {}

  /** Moves one of all extents. */
  record Relocate(int choice) implements FileOperation {}

  record Fsync(String path) implements FileOperation {}

  record Sync() implements FileOperation {}

  /** Removes the master key, sees that nothing opens, and adds it again. */
  record LockAndUnlock() implements FileOperation {}

  record Remount() implements FileOperation {}

  /** Draws operations on a few paths, so that they meet. */
  static List<FileOperation> list(long seed, int count, int maxBytes) {
    Random random = new Random(seed);
    List<FileOperation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = path(random);
      int offset = random.nextInt(maxBytes);
      operations.add(
          switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> new Create(path);
            case 4, 5, 6, 7, 8, 9 ->
                new Write(path, offset, 1 + random.nextInt(maxBytes / 4), random.nextLong());
            case 10 -> new Write(path, offset & -4096, 8192, random.nextLong());
            case 11, 12 -> new Truncate(path, offset);
            case 13, 14 -> new Unlink(path);
            case 15, 16 -> new Reflink(path, path(random));
            case 17, 18 -> new Relocate(random.nextInt(1 << 20));
            case 19, 20 -> new Fsync(path);
            case 21 -> new Sync();
            case 22 -> new LockAndUnlock();
            default -> new Remount();
          });
    }
    return operations;
  }

  private static String path(Random random) {
    return (random.nextInt(5) == 0 ? "/plain" : "/secret/" + random.nextInt(4));
  }
}
