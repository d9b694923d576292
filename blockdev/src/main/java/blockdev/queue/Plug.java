package blockdev.queue;

import org.jspecify.annotations.Nullable;

/**
 * Requests that a submitter holds back so that later bios can merge with them ({@code struct
 * blk_plug}), oldest first.
 */
final class Plug {
  private static final int MAX_REQUESTS = 32; // BLK_MAX_REQUEST_COUNT
  private static final int FLUSH_BYTES = 128 * 1024; // BLK_PLUG_FLUSH_SIZE

  private @Nullable Request oldest;
  private @Nullable Request newest;
  private int count;

  @Nullable Request newest() {
    return newest;
  }

  /** Whether the plug should be flushed before another request goes in. */
  boolean isFull() {
    Request last = newest;
    return count >= MAX_REQUESTS || (last != null && last.sizeBytes() >= FLUSH_BYTES);
  }

  void add(Request request) {
    Request last = newest;
    if (last == null) {
      oldest = request;
    } else {
      last.nextInPlug = request;
    }
    newest = request;
    count++;
  }

  /** Takes the oldest request out; null if there is none. */
  @Nullable Request poll() {
    Request request = oldest;
    if (request != null) {
      oldest = request.nextInPlug;
      request.nextInPlug = null;
      if (oldest == null) {
        newest = null;
      }
      count--;
    }
    return request;
  }
}
