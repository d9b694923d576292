package blockdev.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events in order of time, and within one instant in order of scheduling. Allocates only to grow.
 *
 * <p>Events of the current instant, the most frequent kind, go to a ring beside the heap. That
 * keeps the order: whatever the heap holds for this instant was scheduled earlier, so it runs
 * before the ring.
 */
final class EventHeap {
  private long[] atNs = new long[64];
  private long[] order = new long[64];
  private Runnable[] events = new Runnable[64];
  private int size;
  private long scheduled;
  private final EventRing due = new EventRing();
  private long polledAtNs;

  void add(Runnable event, long nowNs, long delayNs) {
    if (delayNs == 0) {
      due.add(event);
      return;
    }
    if (size == events.length) {
      atNs = Arrays.copyOf(atNs, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
      events = Arrays.copyOf(events, 2 * size);
    }
    siftUp(size++, event, nowNs + delayNs, scheduled++);
  }

  /** Takes the next event, or null if none is left; {@link #polledAtNs} says its instant. */
  @Nullable Runnable poll(long nowNs) {
    if (!due.isEmpty() && (size == 0 || atNs[0] > nowNs)) {
      polledAtNs = nowNs;
      return due.poll();
    }
    if (size == 0) {
      return null;
    }
    Runnable event = events[0];
    polledAtNs = atNs[0];
    int last = --size;
    Runnable moved = events[last];
    clear(last);
    if (last > 0) {
      siftDown(moved, atNs[last], order[last]);
    }
    return event;
  }

  long polledAtNs() {
    return polledAtNs;
  }

  @SuppressWarnings("NullAway") // a cell beyond the size holds no event
  private void clear(int index) {
    events[index] = null;
  }

  private void siftUp(int hole, Runnable event, long at, long sequence) {
    int index = hole;
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      if (atNs[parent] <= at) { // an equal parent was scheduled earlier
        break;
      }
      move(parent, index);
      index = parent;
    }
    put(index, event, at, sequence);
  }

  private void siftDown(Runnable event, long at, long sequence) {
    int index = 0;
    int half = size >>> 1;
    while (index < half) {
      int child = 2 * index + 1;
      if (child + 1 < size && isBefore(child + 1, atNs[child], order[child])) {
        child++;
      }
      if (!isBefore(child, at, sequence)) {
        break;
      }
      move(child, index);
      index = child;
    }
    put(index, event, at, sequence);
  }

  private boolean isBefore(int index, long at, long sequence) {
    return atNs[index] < at || (atNs[index] == at && order[index] < sequence);
  }

  private void move(int from, int to) {
    atNs[to] = atNs[from];
    order[to] = order[from];
    events[to] = events[from];
  }

  private void put(int index, Runnable event, long at, long sequence) {
    atNs[index] = at;
    order[index] = sequence;
    events[index] = event;
  }
}
