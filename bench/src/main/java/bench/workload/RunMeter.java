package bench.workload;

import blockdev.sim.WaitPoint;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
  private final LongConsumer progress;
  private final long startWallNs;
  private final long[] wallNsAt = new long[Long.SIZE]; // by n, when 2^n I/Os had ended
  private long ios;
  private long nextProgress = 1;
  private long reachedAt = Long.MAX_VALUE;
  private @Nullable WaitPoint reached;
  private long nextStop = 1; // the earlier of both

  /** {@code progress} is told now and then how many I/Os have ended. */
  RunMeter(LongSupplier wallNs, LongConsumer progress) {
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
    if (ios == nextProgress) {
      nextProgress = ios < PROGRESS_IOS ? 2 * ios : ios + PROGRESS_IOS;
      progress.accept(ios);
    }
    if (ios == reachedAt && reached != null) {
      reachedAt = Long.MAX_VALUE;
      reached.signal();
    }
    nextStop = Math.min(nextProgress, reachedAt);
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

  /** Signals {@code reached} once so many I/Os have ended, from now on. */
  void signalAfter(long more, WaitPoint reached) {
    this.reached = reached;
    reachedAt = ios + more;
    nextStop = Math.min(nextStop, reachedAt);
  }

  long ios() {
    return ios;
  }
}
