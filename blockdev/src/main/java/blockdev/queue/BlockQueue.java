package blockdev.queue;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.sim.EventQueue;
import blockdev.trace.Tracer;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;

/**
 * The block device as its users see it: its size and limits, what it can encrypt, and a {@link
 * HardwareQueue} for each thread that submits.
 */
public final class BlockQueue {
  private final QueueLimits limits;
  private final long capacitySectors;
  private final CryptoProfile profile;
  private final KeyslotManager keyslots;
  private final HostMemory memory;
  private final Tracer tracer;
  private final List<HardwareQueue> queues;
  private final ConcurrentSkipListSet<Integer> freeIndexes = new ConcurrentSkipListSet<>();

  /** An index and not the queue itself, through which a thread would keep all of this alive. */
  private final ThreadLocal<Integer> indexOfThread = ThreadLocal.withInitial(this::claim);

  /**
   * @param events the events of each hardware queue; there is one queue for each
   * @param depth requests that a hardware queue can have under way
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
      int depth) {
    this.limits = limits;
    this.capacitySectors = capacitySectors;
    this.profile = profile;
    this.keyslots = keyslots;
    this.memory = memory;
    this.tracer = tracer;
    queues =
        IntStream.range(0, events.size())
            .mapToObj(index -> new HardwareQueue(this, index, events.get(index), driver, depth))
            .toList();
    queues.forEach(queue -> freeIndexes.add(queue.index()));
  }

  /**
   * The calling thread's hardware queue, always the same one. A simulated thread has it until it
   * ends, any other thread for ever.
   *
   * @throws IllegalStateException if more threads ask at a time than there are queues
   */
  public HardwareQueue hardwareQueue() {
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

  public QueueLimits limits() {
    return limits;
  }

  /** Sectors of 512 bytes. */
  public long capacitySectors() {
    return capacitySectors;
  }

  public CryptoProfile profile() {
    return profile;
  }

  public KeyslotManager keyslots() {
    return keyslots;
  }

  /** Where the pages of bios come from. */
  public HostMemory memory() {
    return memory;
  }

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
