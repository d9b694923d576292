package bench.workload;

import java.util.Arrays;

/**
 * Draws ranks from 0 to n − 1 by a fixed distribution, in constant time and without allocating.
 *
 * <p>Ranks are gathered into at most 65,536 bins; a bin is drawn from an alias table, and a rank
 * within it evenly. The lowest 32,768 ranks of a falling distribution have a bin each; beyond them
 * a bin is at most a few thousandths longer than the one before, so that evenness within it stands
 * for the curve. The tables are integers, made with {@link StrictMath}: a seed draws the same on
 * every machine.
 *
 * <p>M. Vose: A linear algorithm for generating random numbers with a given distribution. IEEE
 * Transactions on Software Engineering 17 (9), 1991.
 */
final class RankSampler {
  private static final int MAX_BINS = 1 << 16;
  private static final int SINGLE_RANKS = MAX_BINS / 2;
  private static final double ONE = 0x1p32;

  /** The weight of the ranks from {@code first} to {@code end} − 1. */
  interface Weight {
    double of(long first, long end);
  }

  private final long[] starts; // by bin, and the end of the last one
  private final int bins;
  private final long[] keeps; // by bin: 32-bit draws below it stay in the bin
  private final int[] others; // by bin: where other draws go

  private RankSampler(long[] starts, Weight weight) {
    this.starts = starts;
    bins = starts.length - 1;
    keeps = new long[bins];
    others = new int[bins];
    makeAliases(weight);
  }

  /** Every rank as likely as any other. */
  static RankSampler even(long ranks) {
    return new RankSampler(new long[] {0, ranks}, (first, end) -> 1);
  }

  /** For weights that fall with the rank. */
  static RankSampler falling(long ranks, Weight weight) {
    if (ranks <= MAX_BINS) {
      return level(ranks, weight);
    }
    long[] starts = new long[MAX_BINS + 1];
    int bin = 0;
    while (bin < SINGLE_RANKS) {
      starts[bin] = bin++;
    }
    double growth = (double) ranks / SINGLE_RANKS;
    long start = SINGLE_RANKS;
    while (start < ranks && bin < MAX_BINS) {
      starts[bin++] = start;
      double share = (double) (bin - SINGLE_RANKS) / (MAX_BINS - SINGLE_RANKS);
      start = Math.max(start + 1, (long) (SINGLE_RANKS * StrictMath.pow(growth, share)));
    }
    starts[bin++] = ranks;
    return new RankSampler(Arrays.copyOf(starts, bin), weight);
  }

  /** For weights without a steep part: bins of one size. */
  static RankSampler level(long ranks, Weight weight) {
    int bins = (int) Math.min(ranks, MAX_BINS);
    long[] starts = new long[bins + 1];
    for (int bin = 0; bin <= bins; bin++) {
      starts[bin] = ranks / bins * bin + ranks % bins * bin / bins;
    }
    return new RankSampler(starts, weight);
  }

  /** Bins that begin where told; {@code starts} ends with the number of ranks. */
  static RankSampler of(long[] starts, Weight weight) {
    return new RankSampler(starts, weight);
  }

  long next(SeededStream random) {
    if (bins == 1) {
      return starts[0] + random.nextBelow(starts[1] - starts[0]);
    }
    long draw = random.nextLong();
    int bin = (int) ((draw >>> 32) * bins >>> 32);
    if ((draw & 0xFFFFFFFFL) >= keeps[bin]) {
      bin = others[bin];
    }
    long first = starts[bin];
    long length = starts[bin + 1] - first;
    return length == 1 ? first : first + random.nextBelow(length);
  }

  private void makeAliases(Weight weight) {
    double[] shares = new double[bins]; // of an even share
    double sum = 0;
    for (int bin = 0; bin < bins; bin++) {
      shares[bin] = weight.of(starts[bin], starts[bin + 1]);
      sum += shares[bin];
    }
    int[] poor = new int[bins];
    int[] rich = new int[bins];
    int poorCount = 0;
    int richCount = 0;
    for (int bin = 0; bin < bins; bin++) {
      shares[bin] *= bins / sum;
      if (shares[bin] < 1) {
        poor[poorCount++] = bin;
      } else {
        rich[richCount++] = bin;
      }
    }
    while (poorCount > 0 && richCount > 0) {
      int filled = poor[--poorCount];
      int giver = rich[richCount - 1];
      keeps[filled] = (long) (shares[filled] * ONE);
      others[filled] = giver;
      shares[giver] -= 1 - shares[filled];
      if (shares[giver] < 1) {
        richCount--;
        poor[poorCount++] = giver;
      }
    }
    while (richCount > 0) {
      keeps[rich[--richCount]] = 1L << 32;
    }
    while (poorCount > 0) { // full but for rounding
      keeps[poor[--poorCount]] = 1L << 32;
    }
  }
}
