package blockdev.queue;

import blockdev.sim.EventQueue;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;

/**
 * The threads that may submit at a time. All devices of a simulation share them, so that a thread
 * has the same events on each, and a wait lets the events of all run.
 */
public final class IoThreads {
  private final List<IoThread> threads;
  private final ConcurrentSkipListSet<Integer> freeIndexes = new ConcurrentSkipListSet<>();

  /** An index and not the object itself, through which a thread would keep all devices alive. */
  private final ThreadLocal<Integer> indexOfThread = ThreadLocal.withInitial(this::claim);

  /**
   * @param events the events of each thread; there can be as many threads as elements
   */
  public IoThreads(List<EventQueue> events) {
    threads =
        IntStream.range(0, events.size())
            .mapToObj(index -> new IoThread(index, events.get(index)))
            .toList();
    threads.forEach(thread -> freeIndexes.add(thread.index()));
  }

  public int count() {
    return threads.size();
  }

  /** What the calling thread is here: a simulated one until it ends, any other for ever. */
  public IoThread current() {
    return threads.get(indexOfThread.get());
  }

  /** The thread with that index. */
  public IoThread get(int index) {
    return threads.get(index);
  }

  private Integer claim() {
    Integer index = freeIndexes.pollFirst();
    if (index == null) {
      throw new IllegalStateException(
          "more than " + count() + " threads submit: the devices have no more queue pairs");
    }
    get(index).events().atThreadEnd(() -> giveBack(index));
    return index;
  }

  private void giveBack(Integer index) {
    get(index).endPlugs();
    freeIndexes.add(index);
  }
}
