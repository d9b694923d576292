package bench.cli;

import bench.workload.IoDirection;
import bench.workload.Job;
import bench.workload.PowerCut;
import blockdev.fault.Fault;
import blockdev.fault.FaultPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What jobs are put to: whether there are bytes, and are compared, and what goes wrong. */
final class TrialOptions {
  @Option(
      names = "--payload",
      paramLabel = "WHAT",
      description =
          "none (default): no bytes move, all else is the same; real: they are encrypted and kept.")
  private @Nullable String payload;

  @Option(
      names = "--verify",
      description =
          "Compare what is read with what was written, and read all back at the end; implies"
              + " --payload real.")
  private boolean verify;

  @Option(
      names = "--fault",
      paramLabel = "SPEC",
      description =
          "Something that goes wrong in the device, such as read-error:lba=0-99,times=all or"
              + " lost-write:p=0.001; can be given several times. The kinds are read-error,"
              + " write-error, flush-error, bit-rot, misdirected-write, lost-write, hang,"
              + " stuck-queue, program-error and wrong-key, the keys lba, nsid, slot, nth, times, p"
              + " and at. An I/O that fails ends the jobs.")
  private List<String> faults = List.of();

  @Option(
      names = "--power-cut",
      paramLabel = "WHEN",
      description =
          "after=N[,seed=S]: cut the power when N I/Os have ended, start the device again, and"
              + " compare what each block holds with what it may hold; implies --payload real.")
  private @Nullable String powerCut;

  /** Whether reads are to be compared with what was written. */
  boolean verify() {
    return verify;
  }

  /**
   * Whether there are bytes: as is said, else if they are needed.
   *
   * @throws CliException if what is said is neither none nor real
   */
  boolean isPayloadReal() {
    if (payload == null) {
      return verify || powerCut != null;
    }
    return switch (payload) {
      case "none" -> false;
      case "real" -> true;
      default -> throw CliException.usage("--payload is none or real, not " + payload);
    };
  }

  /**
   * When power is to be cut, null for never.
   *
   * @throws CliException if it does not say when
   */
  @Nullable PowerCut powerCut() {
    try {
      return powerCut == null ? null : PowerCut.parse(powerCut);
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage("--power-cut: " + wrong.getMessage());
    }
  }

  /**
   * @throws CliException if there is nothing to compare in {@code jobs}, and that is asked for
   */
  void checkComparable(List<Job> jobs) {
    if (verify) {
      checkComparable("--verify", jobs);
    }
    if (powerCut != null) {
      checkComparable("--power-cut", jobs);
    }
  }

  private void checkComparable(String option, List<Job> jobs) {
    if (!isPayloadReal()) {
      throw CliException.usage(option + " compares bytes: it needs --payload real");
    }
    if (jobs.stream().noneMatch(job -> job.readWrite().does(IoDirection.WRITE))) {
      throw CliException.usage(option + " compares with what was written, and no job writes");
    }
    if (jobs.stream().anyMatch(job -> job.readWrite().does(IoDirection.TRIM))) {
      throw CliException.usage(option + " cannot say what is read after trim");
    }
  }

  /**
   * What goes wrong in the device, where chance has a part in it by {@code seed}.
   *
   * @throws CliException if there is no such fault, or it would not show
   */
  FaultPlan faultPlan(long seed) {
    FaultPlan plan;
    try {
      plan = new FaultPlan(seed, faults.stream().map(Fault::parse).toList());
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage(String.valueOf(wrong.getMessage()));
    }
    if (plan.showsOnlyInData() && !isPayloadReal()) {
      throw CliException.usage(
          "a --fault that shows in nothing but data needs --verify or --payload real");
    }
    return plan;
  }
}
