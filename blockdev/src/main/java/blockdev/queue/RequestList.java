package blockdev.queue;

import org.jspecify.annotations.Nullable;

/** Requests in the order in which they were added. A request is in one list at a time. */
final class RequestList {
  private @Nullable Request oldest;
  private @Nullable Request newest;
  private int count;

  int count() {
    return count;
  }

  @Nullable Request newest() {
    return newest;
  }

  void add(Request request) {
    Request last = newest;
    if (last == null) {
      oldest = request;
    } else {
      last.nextInList = request;
    }
    newest = request;
    count++;
  }

  /** Takes the oldest request out; null if there is none. */
  @Nullable Request poll() {
    Request request = oldest;
    if (request != null) {
      oldest = request.nextInList;
      request.nextInList = null;
      if (oldest == null) {
        newest = null;
      }
      count--;
    }
    return request;
  }
}
