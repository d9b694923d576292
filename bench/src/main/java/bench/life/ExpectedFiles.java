package bench.life;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every file that the simulated filesystem must hold, in the order in which they were made. */
final class ExpectedFiles {
  private final Map<String, Expected> byPath = new LinkedHashMap<>();

  void add(Expected file) {
    byPath.put(file.path(), file);
  }

  boolean contains(String path) {
    return byPath.containsKey(path);
  }

  Collection<Expected> all() {
    return byPath.values();
  }

  long bytes() {
    return byPath.values().stream().mapToLong(Expected::sizeBytes).sum();
  }
}
