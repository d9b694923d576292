package bench.workload;

import java.util.function.LongSupplier;

/**
 * Counts the I/Os of a run, and how fast they go on the wall clock once the virtual machine has
 * compiled what they run through.
 *
 * <p>The warm-up is the first 2<sup>n</sup> I/Os, as many as are at most a quarter of all, and at
 * most four million: a rule that needs no decision before the end.
 */
final class RunMeter {
  private static final long LONGEST_WARMUP = 1L << 22;
  private static final long PROGRESS_IOS = 1 << 16;

  private final LongSupplier wallNs;
  private final Runnable progress;
  private final long startWallNs;
  private final long[] wallNsAt = new long[Long.SIZE]; // by n, when 2^n I/Os had ended
  private long ios;
  private long nextStop = 1;

  /** {@code progress} is told now and then. */
  RunMeter(LongSupplier wallNs, Runnable progress) {
    this.wallNs = wallNs;
    this.progress = progress;
    startWallNs = wallNs.getAsLong();
  }

  void ioEnded() {
    if (++ios == nextStop) {
      stop();
    }
  }

  private void stop() {
    if (Long.bitCount(ios) == 1) {
      wallNsAt[Long.numberOfTrailingZeros(ios)] = wallNs.getAsLong();
    }
    nextStop = ios < PROGRESS_IOS ? 2 * ios : ios + PROGRESS_IOS;
    progress.run();
  }

  /** What was counted, from the start until now. */
  RunSpeed speed(double virtualSeconds) {
    long endWallNs = wallNs.getAsLong();
    long warmupIos = Math.min(LONGEST_WARMUP, Long.highestOneBit(ios / 4));
    long warmWallNs =
        warmupIos == 0 ? startWallNs : wallNsAt[Long.numberOfTrailingZeros(warmupIos)];
    return new RunSpeed(
        ios,
        virtualSeconds,
        (endWallNs - startWallNs) / 1e9,
        warmupIos,
        endWallNs == warmWallNs ? 0 : (ios - warmupIos) * 1e9 / (endWallNs - warmWallNs));
  }

  long ios() {
    return ios;
  }
}
