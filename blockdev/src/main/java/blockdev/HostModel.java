package blockdev;

import blockdev.memory.HostMemory;
import blockdev.queue.Scheduler;

/**
 * The host of a simulation.
 *
 * @param queuePairs threads that can submit
 * @param queueDepth commands that each of them can have under way
 * @param scheduler what becomes of requests beyond those
 * @param memoryBytes for pages, rings and PRP lists
 */
public record HostModel(int queuePairs, int queueDepth, Scheduler scheduler, long memoryBytes) {
  public static final HostModel DEFAULT =
      new HostModel(4, 128, Scheduler.NONE, HostMemory.DEFAULT_CAPACITY_BYTES);

  public HostModel withQueueDepth(int other) {
    return new HostModel(queuePairs, other, scheduler, memoryBytes);
  }

  public HostModel withScheduler(Scheduler other) {
    return new HostModel(queuePairs, queueDepth, other, memoryBytes);
  }

  public HostModel withMemoryBytes(long other) {
    return new HostModel(queuePairs, queueDepth, scheduler, other);
  }
}
