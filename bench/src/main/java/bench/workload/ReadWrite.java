package bench.workload;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a job does: fio's {@code rw}. */
public enum ReadWrite {
  READ("read", false),
  WRITE("write", false),
  RANDREAD("randread", true),
  RANDWRITE("randwrite", true),
  RW("rw", false),
  RANDRW("randrw", true),
  TRIM("trim", false);

  private final String label;
  private final boolean random;

  ReadWrite(String label, boolean random) {
    this.label = label;
    this.random = random;
  }

  /**
   * The one of that name; {@code readwrite} is fio's other name for {@code rw}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ReadWrite named(String label) {
    String name = label.equals("readwrite") ? RW.label : label;
    return Arrays.stream(values())
        .filter(each -> each.label.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown '"
                    + label
                    + "'; there are "
                    + Arrays.stream(values())
                        .map(ReadWrite::label)
                        .collect(Collectors.joining(", "))));
  }

  public String label() {
    return label;
  }

  boolean isRandom() {
    return random;
  }

  boolean isMixed() {
    return this == RW || this == RANDRW;
  }

  public boolean does(IoDirection direction) {
    return switch (direction) {
      case READ -> this == READ || this == RANDREAD || isMixed();
      case WRITE -> this == WRITE || this == RANDWRITE || isMixed();
      case TRIM -> this == TRIM;
    };
  }
}
