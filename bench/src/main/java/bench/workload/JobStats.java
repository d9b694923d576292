package bench.workload;

import blockdev.bio.BioStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What became of a job, or of one clone of it: a line of the report. */
public final class JobStats {
  /** Depths 1, 2, 4 … 32 and, the last, 64 and more. */
  public static final int DEPTH_LEVELS = 7;

  private final Job job;
  private final int groupId;
  private final @Nullable DirectionStats[] directions =
      new DirectionStats[IoDirection.values().length];
  private final long[] depthCounts = new long[DEPTH_LEVELS];
  private final LatencyStats flushes = new LatencyStats();
  private long startNs;
  private long lastEndNs;
  private long failures;
  private @Nullable String firstFailure;
  private @Nullable KeyslotUse keyslots;

  JobStats(Job job, int groupId) {
    this.job = job;
    this.groupId = groupId;
    for (IoDirection direction : IoDirection.values()) {
      if (job.readWrite().does(direction)) {
        directions[direction.ordinal()] = new DirectionStats();
      }
    }
  }

  /** Forgets what was, and counts from now on. */
  void start(long nowNs) {
    startNs = nowNs;
    lastEndNs = nowNs;
    Arrays.fill(depthCounts, 0);
    flushes.reset();
    for (DirectionStats direction : directions) {
      if (direction != null) {
        direction.reset(nowNs);
      }
    }
  }

  void started(int underWay) {
    depthCounts[Math.min(DEPTH_LEVELS - 1, 31 - Integer.numberOfLeadingZeros(underWay))]++;
  }

  void ended(IoDirection direction, int bytes, long startNs, long issuedNs, long nowNs) {
    DirectionStats stats = directions[direction.ordinal()];
    assert stats != null : direction;
    stats.record(bytes, startNs, issuedNs, nowNs);
    lastEndNs = nowNs;
  }

  void flushed(long startNs, long nowNs) {
    flushes.record(nowNs - startNs);
    lastEndNs = nowNs;
  }

  void flushFailed(BioStatus status, long nowNs) {
    failed("flush", status, nowNs);
  }

  void failed(IoDirection direction, long offsetBytes, int bytes, BioStatus status, long nowNs) {
    failed(direction.label() + " of " + bytes + " bytes at offset " + offsetBytes, status, nowNs);
  }

  private void failed(String what, BioStatus status, long nowNs) {
    failures++;
    lastEndNs = nowNs;
    if (firstFailure == null) {
      firstFailure = what + " ended with " + status;
    }
  }

  void used(KeyslotUse keyslots) {
    this.keyslots = keyslots;
  }

  public Job job() {
    return job;
  }

  /** Jobs between two stonewalls have one number, counted from 0. */
  public int groupId() {
    return groupId;
  }

  /** From submission to end, of the flushes of {@link Job#fsync}. */
  public LatencyStats flushes() {
    return flushes;
  }

  /** Null if the job does no such I/O. */
  public @Nullable DirectionStats direction(IoDirection direction) {
    return directions[direction.ordinal()];
  }

  /** From the end of the ramp time to the end of the last I/O, in virtual time. */
  public long runtimeNs() {
    return lastEndNs - startNs;
  }

  /** When that began, in virtual time. */
  public long startNs() {
    return startNs;
  }

  /** I/Os that found so many under way when they started, themselves included, in percent. */
  public double depthPercent(int level) {
    long sum = Arrays.stream(depthCounts).sum();
    return sum == 0 ? 0 : 100.0 * depthCounts[level] / sum;
  }

  public long failures() {
    return failures;
  }

  /** What failed first and how, or null. */
  public @Nullable String firstFailure() {
    return firstFailure;
  }

  /** Of the device, while the jobs of this one's group ran. */
  public @Nullable KeyslotUse keyslots() {
    return keyslots;
  }
}
