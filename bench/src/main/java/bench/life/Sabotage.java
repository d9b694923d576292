package bench.life;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A deliberate breakage that the main job must notice. */
public enum Sabotage {
  /** One bit of one data block on the medium is flipped before the files are read back. */
  FLIP_MEDIUM_BIT("flip-medium-bit"),
  /** Data unit numbers count from the start of the file where extents have the keys. */
  FILE_RELATIVE_DUN("file-relative-dun"),
  /** The master key is not removed when it should be. */
  KEEP_KEY("keep-key");

  private final String label;

  Sabotage(String label) {
    this.label = label;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /**
   * @throws IllegalArgumentException if there is no such sabotage
   */
  public static Sabotage named(String label) {
    for (Sabotage sabotage : values()) {
      if (sabotage.label.equals(label)) {
        return sabotage;
      }
    }
    throw new IllegalArgumentException(
        "no sabotage "
            + label
            + "; there are "
            + Arrays.stream(values()).map(Sabotage::label).collect(Collectors.joining(", ")));
  }
}
