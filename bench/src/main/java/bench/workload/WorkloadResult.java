package bench.workload;

import blockdev.fault.FaultCounters;
import blockdev.queue.QueueCounters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param jobs one for each line of the report
 * @param queue counters of the block layer, reading back not included
 * @param eventLogHash of all commands of the jobs; equal for equal runs
 * @param faults how often each that was asked for has happened, reading back included
 * @param recovery what the host did about them, reading back included
 * @param verify null unless reads were compared
 * @param powerCut null unless power was cut
 */
public record WorkloadResult(
    List<JobStats> jobs,
    RunSpeed speed,
    QueueCounters queue,
    long eventLogHash,
    FaultCounters faults,
    Recovery recovery,
    @Nullable VerifyResult verify,
    @Nullable PowerCutResult powerCut) {
  WorkloadResult withPowerCut(PowerCutResult found) {
    return new WorkloadResult(jobs, speed, queue, eventLogHash, faults, recovery, verify, found);
  }

  /** What went wrong, each in a line; empty if all went well. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (JobStats job : jobs) {
      String failure = job.firstFailure();
      if (failure != null) {
        problems.add("job " + job.job().name() + ": " + failure);
      }
    }
    if (verify != null && verify.firstMismatch() != null) {
      problems.add("verify: " + verify.firstMismatch());
    }
    if (powerCut != null && powerCut.firstWrong() != null) {
      problems.add("power cut: " + powerCut.firstWrong());
    }
    return problems;
  }
}
