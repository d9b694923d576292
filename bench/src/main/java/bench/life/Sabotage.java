package bench.life;

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
  @Override
  public String toString() {
    return label;
  }
}
