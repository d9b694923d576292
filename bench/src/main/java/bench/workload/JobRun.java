package bench.workload;

import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job while it runs: its clones, its keys, and what they have in common. */
final class JobRun {
  private final Job job;
  private final RegionKeys keys;
  private final @Nullable VerifiedBlocks verified; // null unless reads are compared
  private final RunMeter meter;
  private final Runnable cloneDone;
  private final List<JobStats> stats = new ArrayList<>();
  private final List<JobClone> clones = new ArrayList<>();
  private boolean failed;

  /**
   * @param submitters one for each clone
   * @param cloneDone run once for each clone
   */
  JobRun(
      Job job,
      int groupId,
      RegionKeys keys,
      @Nullable VerifiedBlocks verified,
      RunMeter meter,
      List<BioSubmitter> submitters,
      HostMemory memory,
      Runnable cloneDone) {
    this.job = job;
    this.keys = keys;
    this.verified = verified;
    this.meter = meter;
    this.cloneDone = cloneDone;
    for (int index = 0; index < job.clones(); index++) {
      if (index == 0 || !job.reportTogether()) {
        stats.add(new JobStats(job, groupId));
      }
      clones.add(new JobClone(this, index, submitters.get(index), memory, stats.getLast()));
    }
  }

  /** Begins, in an event. */
  void begin(long nowNs) {
    startCounting(nowNs);
    clones.forEach(JobClone::begin);
  }

  void startCounting(long nowNs) {
    stats.forEach(each -> each.start(nowNs));
  }

  void freePages() {
    clones.forEach(JobClone::freePages);
  }

  Job job() {
    return job;
  }

  RegionKeys keys() {
    return keys;
  }

  @Nullable VerifiedBlocks verified() {
    return verified;
  }

  List<JobStats> stats() {
    return stats;
  }

  boolean hasFailed() {
    return failed;
  }

  /** An I/O failed: no other is started. */
  void fail() {
    failed = true;
  }

  void ioEnded() {
    meter.ioEnded();
  }

  void cloneDone() {
    cloneDone.run();
  }
}
