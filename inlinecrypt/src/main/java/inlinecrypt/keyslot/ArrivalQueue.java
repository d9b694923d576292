package inlinecrypt.keyslot;

import org.jspecify.annotations.Nullable;

/** First in, first out, linked through the arrivals themselves. Not thread-safe. */
final class ArrivalQueue {
  private @Nullable SectionArrival head;
  private @Nullable SectionArrival tail;

  @Nullable SectionArrival peek() {
    return head;
  }

  void add(SectionArrival arrival) {
    arrival.next = null;
    if (tail == null) {
      head = arrival;
    } else {
      tail.next = arrival;
    }
    tail = arrival;
  }

  void addFirst(SectionArrival arrival) {
    arrival.next = head;
    head = arrival;
    if (tail == null) {
      tail = arrival;
    }
  }

  @Nullable SectionArrival poll() {
    SectionArrival first = head;
    if (first != null) {
      head = first.next;
      first.next = null;
      if (head == null) {
        tail = null;
      }
    }
    return first;
  }
}
