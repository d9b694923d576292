package blockdev.fs;

import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What files hold according to a map of byte arrays, and the same operations on a filesystem. An
 * operation that cannot be done, such as to write a file that is not there, does nothing.
 */
final class FileModel {
  /** Stands in encrypted files once in 512 bytes, so that it can be looked for. */
  static final byte[] MARKER = "planted plaintext".getBytes(StandardCharsets.UTF_8);

  final Map<String, byte[]> files = new TreeMap<>();

  void apply(FileOperation operation, TestMachine machine) {
    FileSystem fs = machine.fs;
    switch (operation) {
      case FileOperation.Create(String path) -> {
        if (files.putIfAbsent(path, new byte[0]) == null) {
          fs.create(path).close();
        }
      }
      case FileOperation.Write(String path, int offset, int bytes, long seed) -> {
        byte[] before = files.get(path);
        if (before != null) {
          byte[] part = plaintext(path.startsWith("/secret"), bytes, seed);
          byte[] after = Arrays.copyOf(before, Math.max(before.length, offset + bytes));
          System.arraycopy(part, 0, after, offset, bytes);
          files.put(path, after);
          try (OpenFile file = fs.open(path)) {
            file.write(offset, MemorySegment.ofArray(part));
          }
        }
      }
      case FileOperation.Truncate(String path, int bytes) -> {
        if (files.computeIfPresent(path, (key, old) -> Arrays.copyOf(old, bytes)) != null) {
          try (OpenFile file = fs.open(path)) {
            file.truncate(bytes);
          }
        }
      }
      case FileOperation.Unlink(String path) -> {
        if (files.remove(path) != null) {
          fs.unlink(path);
        }
      }
      case FileOperation.Reflink(String from, String to) -> {
        boolean secret = from.startsWith("/secret");
        if (files.containsKey(from)
            && !files.containsKey(to)
            && secret == to.startsWith("/secret")
            && !(secret && fs.strategy() == StrategyKind.PER_INODE)) {
          files.put(to, files.get(from));
          fs.reflink(from, to);
        }
      }
      case FileOperation.Relocate(int choice) -> {
        List<Long> extents = fs.extentIds();
        if (!extents.isEmpty()) {
          fs.relocate(extents.get(choice % extents.size()));
        }
      }
      case FileOperation.Fsync(String path) -> {
        if (files.containsKey(path)) {
          try (OpenFile file = fs.open(path)) {
            file.fsync();
          }
        }
      }
      case FileOperation.Sync() -> fs.sync();
      case FileOperation.LockAndUnlock() -> {
        fs.removeKey(machine.fs.addKey(TestMachine.MASTER_KEY));
        for (String path : files.keySet()) {
          if (path.startsWith("/secret")) {
            FsFailures.assertFails(Errno.ENOKEY, () -> fs.open(path));
          }
        }
        fs.addKey(TestMachine.MASTER_KEY);
      }
      case FileOperation.Remount() -> {
        machine.remount();
        machine.fs.addKey(TestMachine.MASTER_KEY);
      }
    }
  }

  private static byte[] plaintext(boolean secret, int bytes, long seed) {
    byte[] part = new byte[bytes];
    new Random(seed).nextBytes(part);
    for (int at = 0; secret && at + MARKER.length <= bytes; at += 512) {
      System.arraycopy(MARKER, 0, part, at, MARKER.length);
    }
    return part;
  }
}
