package bench.life;

import java.util.ArrayList;
import java.util.List;

/** What did not verify, one line each: the first few, so that a report stays readable. */
final class Problems {
  private static final int MOST = 8;

  private final List<String> lines = new ArrayList<>();

  void add(String line) {
    if (lines.size() < MOST) {
      lines.add(line);
    }
  }

  /** Puts the cause of others before them. */
  void addFirst(String line) {
    lines.addFirst(line);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
