package blockdev.queue;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.sim.EventQueue;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotManager;
import inlinecrypt.keyslot.WrappedKeys;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
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
  private final ConcurrentSkipListSet<Integer> freeIndexes = new ConcurrentSkipListSet<>();

  /** An index and not the queue itself, through which a thread would keep all of this alive. */
  private final ThreadLocal<Integer> indexOfThread = ThreadLocal.withInitial(this::claim);

  /**
   * @param events the events of each hardware queue; there is one queue for each
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
      List<EventQueue> events,
      int depth,
      Scheduler scheduler) {
    this.limits = limits;
    this.capacitySectors = capacitySectors;
    this.profile = profile;
    this.keyslots = keyslots;
    wrappedKeys = new WrappedKeys(profile, keyslots);
    this.memory = memory;
    this.tracer = tracer;
    queues =
        IntStream.range(0, events.size())
            .mapToObj(index ->
                new HardwareQueue(this, index, events.get(index), driver, depth, scheduler))
            .toList();
    queues.forEach(queue -> freeIndexes.add(queue.index()));
  }

  /**
   * The calling thread's hardware queue. A simulated thread has it until it ends, any other thread
   * for ever.
   */
  @Override
  public HardwareQueue submitter() {
    return queues.get(indexOfThread.get());
  }

  private Integer claim() {
    Integer index = freeIndexes.pollFirst();
    if (index == null) {
      throw new IllegalStateException(
          "more than " + queues.size() + " threads submit: the device has no more queue pairs");
    }
    queues.get(index).events().atThreadEnd(() -> giveBack(index));
    return index;
  }

  private void giveBack(Integer index) {
    queues.get(index).endPlugs();
    freeIndexes.add(index);
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
