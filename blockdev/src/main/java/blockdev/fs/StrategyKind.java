package blockdev.fs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How the contents of encrypted files get their keys; chosen when a filesystem is made. */
public enum StrategyKind {
  /** One key for each inode; data unit numbers count from the start of the file. */
  PER_INODE(1, "per-inode"),
  /**
   * One key for each extent, from a nonce that is stored with it; data unit numbers count from the
   * start of the extent.
   */
  LIGHTWEIGHT(2, "lightweight");

  private final int number;
  private final String label;

  StrategyKind(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** The name people use. */
  public String label() {
    return label;
  }

  int number() {
    return number;
  }

  /**
   * @throws IllegalArgumentException if there is no such strategy
   */
  public static StrategyKind named(String label) {
    for (StrategyKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no strategy " + label + "; there are " + labels());
  }

  private static String labels() {
    return Arrays.stream(values()).map(StrategyKind::label).collect(Collectors.joining(", "));
  }
}
