package bench.workload;

import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockQueue;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs that run at the same time, from their beginning to the end of the last. */
final class GroupRun {
  private final BlockQueue device;
  private final EventQueue events;
  private final RunMeter meter;
  private final List<JobRun> runs = new ArrayList<>();
  private final WaitPoint over = new WaitPoint();
  private final long rampNs; // the longest
  private int clonesLeft;
  private KeyslotCounters atStart; // of what is counted

  /**
   * @param groupId how many other groups ran before
   * @param verified null unless reads are compared
   */
  GroupRun(
      int groupId,
      List<Job> group,
      BlockQueue device,
      AreaKeys keys,
      @Nullable VerifiedBlocks verified,
      RunMeter meter) {
    this.device = device;
    this.meter = meter;
    events = device.submitter().events();
    atStart = device.keyslots().counters();
    rampNs = group.stream().mapToLong(Job::rampNs).max().orElseThrow();
    int threads = 0;
    for (Job job : group) {
      List<BioSubmitter> submitters = new ArrayList<>();
      for (int index = 0; index < job.clones(); index++) {
        submitters.add(keys.submitter(job, device.threads().get(threads++)));
      }
      runs.add(
          new JobRun(
              job,
              groupId,
              keys.of(job),
              verified,
              meter,
              submitters,
              device.memory(),
              this::cloneDone));
    }
    clonesLeft = threads;
  }

  private void cloneDone() {
    if (--clonesLeft == 0 && !over.isSignalled()) {
      over.signal();
    }
  }

  /** Lets {@link #run} return when so many more I/Os have ended, if it has not before. */
  void endAfter(long ios) {
    meter.signalAfter(ios, over);
  }

  /** Begins all jobs, and waits. */
  void run() {
    for (JobRun run : runs) {
      events.schedule(() -> run.begin(events.nowNs()), 0);
      if (run.job().rampNs() > 0) {
        events.schedule(() -> run.startCounting(events.nowNs()), run.job().rampNs());
      }
    }
    if (rampNs > 0) {
      events.schedule(() -> atStart = device.keyslots().counters(), rampNs);
    }
    device.submitter().await(over);
  }

  /** What the jobs came to, one for each line of the report. */
  List<JobStats> stats() {
    KeyslotUse use =
        KeyslotUse.between(device.profile().slotCount(), atStart, device.keyslots().counters());
    List<JobStats> stats = new ArrayList<>();
    for (JobRun run : runs) {
      for (JobStats each : run.stats()) {
        each.used(use);
        stats.add(each);
      }
    }
    return stats;
  }

  /** After all of their I/Os have ended. */
  void freePages() {
    runs.forEach(JobRun::freePages);
  }
}
