package blockdev.queue;

import org.jspecify.annotations.Nullable;

/**
 * Requests that a submitter holds back so that later bios can merge with them ({@code struct
 * blk_plug}), oldest first.
 */
final class Plug {
  private static final int MAX_REQUESTS = 32; // BLK_MAX_REQUEST_COUNT
  private static final int FLUSH_BYTES = 128 * 1024; // BLK_PLUG_FLUSH_SIZE

  private final RequestList requests = new RequestList();

  /** The only one that bios are merged with. */
  @Nullable Request newest() {
    return requests.newest();
  }

  /** Whether the plug should be flushed before another request goes in. */
  boolean isFull() {
    Request last = requests.newest();
    return requests.count() >= MAX_REQUESTS || (last != null && last.sizeBytes() >= FLUSH_BYTES);
  }

  void add(Request request) {
    requests.add(request);
  }

  /** Takes the oldest request out; null if there is none. */
  @Nullable Request poll() {
    return requests.poll();
  }
}
