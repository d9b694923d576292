package blockdev.queue;

/** What becomes of requests that are ready while the driver has no room for them. */
public enum Scheduler {
  /**
   * There are none: a queue has as many requests as its driver takes, and bios wait. What Linux
   * chooses for NVMe.
   */
  NONE(1),
  /**
   * A queue has twice as many requests as its driver takes. Those that wait are sorted by sector,
   * merge with bios and with one another, and go out in one direction.
   */
  ELEVATOR(2);

  private final int requestsPerRingEntry;

  Scheduler(int requestsPerRingEntry) {
    this.requestsPerRingEntry = requestsPerRingEntry;
  }

  /** Requests of a hardware queue whose driver takes {@code depth} at a time. */
  public int requests(int depth) {
    return depth * requestsPerRingEntry;
  }
}
