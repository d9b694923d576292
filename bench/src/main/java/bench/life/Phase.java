package bench.life;

/**
 * One part of the life, as it was measured.
 *
 * @param bytes of files that were written, read or predicted
 */
public record Phase(String name, long bytes, long wallNs, long virtualNs) {
  /** Megabytes (10⁶) a second of wall-clock time. */
  public double megabytesPerSecond() {
    return wallNs == 0 ? 0 : bytes * 1e3 / wallNs;
  }
}
