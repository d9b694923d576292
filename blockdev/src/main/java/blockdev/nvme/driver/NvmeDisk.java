package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.queue.BlockDriver;
import blockdev.queue.Request;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotDevice;
import java.util.List;

/** A namespace as a block device, with an I/O queue pair for each hardware queue. */
public final class NvmeDisk implements BlockDriver {
  private final QueueLimits limits;
  private final long capacityBytes;
  private final CryptoProfile profile;
  private final KeyslotDevice keyslots;
  private final List<DriverQueue> queues;

  NvmeDisk(
      QueueLimits limits,
      long capacityBytes,
      CryptoProfile profile,
      KeyslotDevice keyslots,
      List<DriverQueue> queues) {
    this.limits = limits;
    this.capacityBytes = capacityBytes;
    this.profile = profile;
    this.keyslots = keyslots;
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

  /** What can be encrypted here, as the device identified itself. */
  public CryptoProfile profile() {
    return profile;
  }

  /** The way to the slots, or key tags, of {@link #profile}. */
  public KeyslotDevice keyslotDevice() {
    return keyslots;
  }
}
