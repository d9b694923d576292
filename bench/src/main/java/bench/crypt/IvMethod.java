package bench.crypt;

/** The flag of a policy that says which keys and IVs its files have. */
public enum IvMethod {
  PER_FILE("per-file"),
  DIRECT_KEY("direct-key"),
  IV_INO_LBLK_64("iv-ino-lblk-64"),
  IV_INO_LBLK_32("iv-ino-lblk-32");

  private final String label;

  IvMethod(String label) {
    this.label = label;
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static IvMethod named(String name) {
    for (IvMethod method : values()) {
      if (method.label.equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException("unknown IV method: " + name);
  }

  @Override
  public String toString() {
    return label;
  }
}
