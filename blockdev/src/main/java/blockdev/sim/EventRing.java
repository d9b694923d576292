package blockdev.sim;

import org.jspecify.annotations.Nullable;

/** A first-in, first-out queue of events that allocates only to grow. */
final class EventRing {
  private @Nullable Runnable[] events = new Runnable[64]; // a power of two
  private int head;
  private int tail; // counts on without end; head == tail is empty

  boolean isEmpty() {
    return head == tail;
  }

  void add(Runnable event) {
    if (tail - head == events.length) {
      grow();
    }
    events[tail++ & (events.length - 1)] = event;
  }

  @Nullable Runnable poll() {
    if (head == tail) {
      return null;
    }
    int index = head++ & (events.length - 1);
    Runnable event = events[index];
    events[index] = null;
    return event;
  }

  private void grow() {
    @Nullable Runnable[] larger = new Runnable[2 * events.length];
    int count = tail - head;
    for (int i = 0; i < count; i++) {
      larger[i] = events[(head + i) & (events.length - 1)];
    }
    events = larger;
    head = 0;
    tail = count;
  }
}
