package bench.workload;

import blockdev.nvme.driver.NvmeDriver;
import blockdev.queue.QueueCounters;

/**
 * What the host did about commands that did not complete or failed and could be issued again.
 *
 * @param aborts Abort commands, each after a command's timeout
 * @param resets controller resets
 * @param requeues requests that were issued again
 */
public record Recovery(long aborts, long resets, long requeues) {
  static Recovery of(NvmeDriver driver, QueueCounters queue) {
    return new Recovery(driver.aborts(), driver.resets(), queue.requeues());
  }

  /** Whether there was anything to do. */
  public boolean isNone() {
    return aborts == 0 && resets == 0 && requeues == 0;
  }
}
