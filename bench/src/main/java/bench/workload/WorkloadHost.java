package bench.workload;

import blockdev.HostModel;
import blockdev.queue.Scheduler;
import java.util.List;

/**
 * The host that jobs need. It has one request more than the deepest job has I/Os under way, for one
 * is still held while its successor starts. So none waits for a tag or in the elevator, and nothing
 * merges: as many requests need a keyslot as there are I/Os.
 */
final class WorkloadHost {
  private static final long MEMORY_RUN_BYTES = 64 * 1024;
  private static final long MOST_MEMORY_BYTES = 16L << 30;
  private static final long OTHER_MEMORY_BYTES = 64L << 20;
  private static final int RING_ENTRY_BYTES = 80; // of both rings

  private WorkloadHost() {}

  /**
   * Queue pairs for all clones of a group, and memory for its pages.
   *
   * @param groups of jobs that run at the same time
   */
  static HostModel of(List<List<Job>> groups) {
    int queuePairs = 1;
    int depth = 1;
    long pageBytes = 0;
    for (List<Job> group : groups) {
      int clones = 0;
      long groupBytes = 0;
      for (Job job : group) {
        clones += job.clones();
        depth = Math.max(depth, job.depth() + 1);
        long laneBytes = Long.highestOneBit(2L * job.blockSizes().largestBytes() - 1);
        groupBytes += laneBytes * job.depth() * job.clones();
      }
      queuePairs = Math.max(queuePairs, clones);
      pageBytes = Math.max(pageBytes, groupBytes);
    }
    long queueBytes =
        (long) queuePairs * ((depth + 1) * (4096L + RING_ENTRY_BYTES) + 2 * MEMORY_RUN_BYTES);
    long memoryBytes =
        Math.ceilDiv(pageBytes + queueBytes + OTHER_MEMORY_BYTES, MEMORY_RUN_BYTES)
            * MEMORY_RUN_BYTES;
    return new HostModel(
        queuePairs, depth, Scheduler.NONE, Math.max(memoryBytes, HostModel.DEFAULT.memoryBytes()));
  }

  /**
   * As {@link #of}.
   *
   * @throws UnsupportedJobException if that is more memory than any host has here
   */
  static HostModel affordable(List<List<Job>> groups) throws UnsupportedJobException {
    HostModel host = of(groups);
    if (host.memoryBytes() > MOST_MEMORY_BYTES) {
      throw new UnsupportedJobException(
          "the I/Os under way need "
              + host.memoryBytes()
              + " bytes of host memory, and there are at most "
              + MOST_MEMORY_BYTES);
    }
    return host;
  }
}
