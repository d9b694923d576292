package blockdev.queue;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotManager;
import inlinecrypt.keyslot.WrappedKeys;
import java.util.List;
import java.util.stream.IntStream;

/** A block device over a driver, with a {@link HardwareQueue} for each thread that submits. */
public final class BlockQueue implements BlockDevice {
  private final QueueLimits limits;
  private final long capacitySectors;
  private final CryptoProfile profile;
  private final KeyslotManager keyslots;
  private final WrappedKeys wrappedKeys;
  private final HostMemory memory;
  private final Tracer tracer;
  private final List<HardwareQueue> queues;
  private final IoThreads threads;

  /**
   * @param profile what the device can encrypt; as in Linux ({@code blk_crypto_register}) it counts
   *     for nothing if blocks have metadata, for whoever checks data above a device that encrypts
   *     would check other data than the device has
   * @param threads those who submit; there is a hardware queue for each
   * @param depth requests that the driver takes from a hardware queue at a time
   */
  public BlockQueue(
      QueueLimits limits,
      long capacitySectors,
      CryptoProfile profile,
      KeyslotManager keyslots,
      HostMemory memory,
      Tracer tracer,
      BlockDriver driver,
      IoThreads threads,
      int depth,
      Scheduler scheduler) {
    this.limits = limits;
    this.capacitySectors = capacitySectors;
    this.profile = limits.hasIntegrity() ? CryptoProfile.none() : profile;
    this.keyslots = keyslots;
    wrappedKeys = new WrappedKeys(this.profile, keyslots);
    this.memory = memory;
    this.tracer = tracer;
    this.threads = threads;
    queues =
        IntStream.range(0, threads.count())
            .mapToObj(
                index -> new HardwareQueue(this, threads.get(index), driver, depth, scheduler))
            .toList();
  }

  /**
   * The calling thread's hardware queue. A simulated thread has it until it ends, any other thread
   * for ever.
   */
  @Override
  public HardwareQueue submitter() {
    return submitter(threads.current());
  }

  @Override
  public HardwareQueue submitter(IoThread thread) {
    return queues.get(thread.index());
  }

  @Override
  public IoThreads threads() {
    return threads;
  }

  @Override
  public QueueLimits limits() {
    return limits;
  }

  @Override
  public long capacitySectors() {
    return capacitySectors;
  }

  @Override
  public CryptoProfile profile() {
    return profile;
  }

  public KeyslotManager keyslots() {
    return keyslots;
  }

  @Override
  public void evict(CryptoKey key, KeyslotCompletion done) {
    keyslots.evict(key, done);
  }

  @Override
  public WrappedKeys wrappedKeys() {
    return wrappedKeys;
  }

  @Override
  public HostMemory memory() {
    return memory;
  }

  @Override
  public Tracer tracer() {
    return tracer;
  }

  /** The counts of all hardware queues together. */
  public QueueCounters counters() {
    return queues.stream()
        .map(HardwareQueue::counters)
        .reduce(QueueCounters.NONE, QueueCounters::plus);
  }
}
