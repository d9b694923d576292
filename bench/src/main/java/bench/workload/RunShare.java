package bench.workload;

import java.util.List;

/** How much of what ends the jobs is done, by time or by I/Os. */
final class RunShare {
  private final long runtimeNs; // of all groups, one after the other; 0: only I/Os end them
  private final double ios; // at most

  /**
   * @param groups of jobs that run at the same time
   */
  RunShare(List<List<Job>> groups) {
    long sumNs = 0;
    double sum = 0;
    for (List<Job> group : groups) {
      sumNs += group.stream().mapToLong(job -> job.rampNs() + job.runtimeNs()).max().orElseThrow();
      sum += group.stream().mapToDouble(RunShare::mostIos).sum();
    }
    runtimeNs = sumNs;
    ios = sum;
  }

  private static double mostIos(Job job) {
    double byBytes =
        job.timeBased()
            ? Double.POSITIVE_INFINITY
            : (double) job.ioBytes() * job.clones() / job.blockSizes().smallestBytes();
    return Math.min(byBytes, job.ios() == 0 ? Double.POSITIVE_INFINITY : job.ios());
  }

  /** From 0 to 1, when that much virtual time has passed and so many I/Os have ended. */
  double at(long passedNs, long iosDone) {
    double byTime = runtimeNs == 0 ? 0 : (double) passedNs / runtimeNs;
    return Math.min(1, Math.max(byTime, iosDone / ios));
  }
}
