package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.queue.BlockDriver;
import blockdev.queue.Request;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.RuntimePower;
import org.jspecify.annotations.Nullable;

/** A namespace as a block driver: what it is, and its I/O queue pairs, one for each thread. */
public final class NamespaceDriver implements BlockDriver {
  private final QueueLimits limits;
  private final long capacityBytes;
  private final CryptoProfile profile;
  private final KeyslotDevice keyslots;
  private final @Nullable RuntimePower power;
  private final DriverQueue[] queues;

  NamespaceDriver(
      QueueLimits limits,
      long capacityBytes,
      CryptoProfile profile,
      KeyslotDevice keyslots,
      @Nullable RuntimePower power,
      DriverQueue[] queues) {
    this.limits = limits;
    this.capacityBytes = capacityBytes;
    this.profile = profile;
    this.keyslots = keyslots;
    this.power = power;
    this.queues = queues;
  }

  @Override
  public void issue(int queueIndex, Request request) {
    queues[queueIndex].issue(request);
  }

  /** What the namespace takes in one request, as it identified itself. */
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

  /** What resumes the device, null if it is never suspended. */
  public @Nullable RuntimePower runtimePower() {
    return power;
  }

  /** The way to the slots, or key tags, of {@link #profile}. */
  public KeyslotDevice keyslotDevice() {
    return keyslots;
  }
}
