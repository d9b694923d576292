package bench.jmh;

/** Sizes and order of a stream of bios. */
public enum BioPattern {
  /** 1 MiB each, one after the other. */
  SEQUENTIAL_1M(1 << 20, false),
  /** 4 KiB each, anywhere. */
  RANDOM_4K(4096, true);

  private final int bioBytes;
  private final boolean random;

  BioPattern(int bioBytes, boolean random) {
    this.bioBytes = bioBytes;
    this.random = random;
  }

  int bioBytes() {
    return bioBytes;
  }

  boolean isRandom() {
    return random;
  }
}
