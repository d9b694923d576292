package bench.crypt;

/** How a key comes from a master key. */
public enum Kdf {
  /** The key is the start of the master key, as v1 policies with DIRECT_KEY have it. */
  NONE("none"),
  /** As v1 policies have it. */
  AES_128_ECB("AES-128-ECB"),
  /** As v2 policies have it. */
  HKDF_SHA512("HKDF-SHA512");

  private final String label;

  Kdf(String label) {
    this.label = label;
  }

  /**
   * The function of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Kdf named(String name) {
    for (Kdf kdf : values()) {
      if (kdf.label.equals(name)) {
        return kdf;
      }
    }
    throw new IllegalArgumentException(
        "unknown KDF: " + name + "; there are none, AES-128-ECB and HKDF-SHA512");
  }

  @Override
  public String toString() {
    return label;
  }
}
