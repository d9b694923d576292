package bench.workload;

/**
 * Pseudo-random numbers from a seed: SplitMix64, whose three lines are the whole of it, so that a
 * seed means the same I/Os on every machine and in every release of Java.
 *
 * <p>G. Steele, D. Lea, C. Flood: Fast splittable pseudorandom number generators. OOPSLA 2014.
 */
final class SeededStream {
  private static final long GAMMA = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd

  private long state;

  /**
   * The stream number {@code index} of {@code seed}; streams of one seed have nothing in common.
   */
  SeededStream(long seed, long index) {
    state = mix(mix(seed + GAMMA) + index * GAMMA);
  }

  long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * From 0 to {@code bound} − 1, each as likely as the others to within 2^-32 for 32-bit bounds.
   */
  long nextBelow(long bound) {
    return Math.unsignedMultiplyHigh(nextLong(), bound);
  }

  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
