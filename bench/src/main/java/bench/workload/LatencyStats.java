package bench.workload;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Latencies of many I/Os: exact minimum, maximum and sum, and a histogram with three digits.
 *
 * <p>Counts are kept as an HdrHistogram lays them out, powers of two of 1,024 linear parts, and
 * become one when somebody asks: three are recorded for each I/O, and the library's recording does
 * more than counting.
 */
public final class LatencyStats {
  private static final long LONGEST_NS = 3_600_000_000_000L; // longer ones count as this
  private static final int DIGITS = 3;
  private static final int PARTS_SHIFT = 10;
  private static final int PARTS = 1 << PARTS_SHIFT; // of each power of two
  private static final long LINEAR_MASK = 2 * PARTS - 1; // below, each value has its own count
  private static final int EXPONENT_OF_PARTS = Long.SIZE - PARTS_SHIFT - 1;

  private final long[] counts = new long[index(LONGEST_NS) + 1];
  private long count;
  private long sumNs;
  private long minNs;
  private long maxNs;

  LatencyStats() {
    reset();
  }

  void reset() {
    Arrays.fill(counts, 0);
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
    counts[index(Math.min(ns, LONGEST_NS))]++;
  }

  private static int index(long ns) {
    int exponent = EXPONENT_OF_PARTS - Long.numberOfLeadingZeros(ns | LINEAR_MASK);
    return (exponent << PARTS_SHIFT) + (int) (ns >>> exponent);
  }

  /** The least latency that {@code index} counts. */
  private static long ns(int index) {
    int exponent = Math.max(0, (index >>> PARTS_SHIFT) - 1);
    return (long) (index - (exponent << PARTS_SHIFT)) << exponent;
  }

  /** A new histogram of them all. */
  public Histogram histogram() {
    Histogram histogram = new Histogram(LONGEST_NS, DIGITS);
    for (int index = 0; index < counts.length; index++) {
      if (counts[index] > 0) {
        histogram.recordValueWithCount(ns(index), counts[index]);
      }
    }
    return histogram;
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
}
