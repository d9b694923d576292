package bench.workload;

import org.HdrHistogram.Histogram;

/** Latencies of many I/Os: exact minimum, maximum and sum, and a histogram with three digits. */
public final class LatencyStats {
  private static final long LONGEST_NS = 3_600_000_000_000L; // longer ones count as this
  private static final int DIGITS = 3;

  private final Histogram histogram = new Histogram(LONGEST_NS, DIGITS);
  private long count;
  private long sumNs;
  private long minNs;
  private long maxNs;

  LatencyStats() {
    reset();
  }

  void reset() {
    histogram.reset();
    count = 0;
    sumNs = 0;
    minNs = Long.MAX_VALUE;
    maxNs = 0;
  }

  void record(long ns) {
    count++;
    sumNs += ns;
    minNs = Math.min(minNs, ns);
    maxNs = Math.max(maxNs, ns);
    histogram.recordValue(Math.min(ns, LONGEST_NS));
  }

  public long count() {
    return count;
  }

  /** 0 if there is none, as all that follow. */
  public long minNs() {
    return count == 0 ? 0 : minNs;
  }

  public long maxNs() {
    return maxNs;
  }

  public double meanNs() {
    return count == 0 ? 0 : (double) sumNs / count;
  }

  public double deviationNs() {
    return count == 0 ? 0 : histogram.getStdDeviation();
  }

  /** No more than {@code percent} of all are longer than this, to three digits. */
  public long percentileNs(double percent) {
    return count == 0 ? 0 : Math.min(maxNs, histogram.getValueAtPercentile(percent));
  }

  /** The share of all, in percent, that are at least {@code fromNs} and less than {@code toNs}. */
  public double percentWithin(long fromNs, long toNs) {
    return count == 0 || fromNs > LONGEST_NS
        ? 0
        : 100.0 * histogram.getCountBetweenValues(fromNs, Math.min(toNs, LONGEST_NS) - 1) / count;
  }
}
