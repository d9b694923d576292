package blockdev;

import blockdev.memory.HostMemory;

/**
 * The host of a simulation.
 *
 * @param queuePairs threads that can submit
 * @param queueDepth requests that each of them can have under way
 * @param memoryBytes for pages, rings and PRP lists
 */
public record HostModel(int queuePairs, int queueDepth, long memoryBytes) {
  public static final HostModel DEFAULT = new HostModel(4, 128, HostMemory.DEFAULT_CAPACITY_BYTES);

  public HostModel withQueueDepth(int other) {
    return new HostModel(queuePairs, other, memoryBytes);
  }

  public HostModel withMemoryBytes(long other) {
    return new HostModel(queuePairs, queueDepth, other);
  }
}
