package blockdev.queue;

/** What the driver of a device does for its queues ({@code struct blk_mq_ops}). */
public interface BlockDriver {
  /**
   * Issues {@code request}, which came from hardware queue {@code queueIndex}. The driver answers
   * with {@link Request#end}, later and from an event, never from inside this call.
   */
  void issue(int queueIndex, Request request);
}
