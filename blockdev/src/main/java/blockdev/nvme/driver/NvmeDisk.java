package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.queue.BlockDriver;
import blockdev.queue.Request;
import java.util.List;

/** A namespace as a block device, with an I/O queue pair for each hardware queue. */
public final class NvmeDisk implements BlockDriver {
  private final QueueLimits limits;
  private final long capacityBytes;
  private final List<DriverQueue> queues;

  NvmeDisk(QueueLimits limits, long capacityBytes, List<DriverQueue> queues) {
    this.limits = limits;
    this.capacityBytes = capacityBytes;
    this.queues = queues;
  }

  @Override
  public void issue(int queueIndex, Request request) {
    queues.get(queueIndex).issue(request);
  }

  /** What the device takes in one request, as it identified itself. */
  public QueueLimits limits() {
    return limits;
  }

  public long capacityBytes() {
    return capacityBytes;
  }
}
