package blockdev.sim;

/**
 * The time of one simulation: a clock, and the queues of events that move it.
 *
 * <p>Make one with {@link #virtual()} or {@link #immediate()}. Closing it ends every simulated
 * thread that still waits, with {@link SimulationEnded}.
 */
public abstract sealed class SimTime implements AutoCloseable permits VirtualTime, ImmediateTime {
  SimTime() {}

  /** Time that jumps from event to event, starting at 0. */
  public static SimTime virtual() {
    return new VirtualTime();
  }

  /** Time in which every latency is 0 and events run on the submitting thread. */
  public static SimTime immediate() {
    return new ImmediateTime();
  }

  /** Nanoseconds since this time began; always 0 in the immediate form. */
  public abstract long nowNs();

  /**
   * A queue of events. Those of one queue run one after the other; in the immediate form, on the
   * one thread that uses the queue.
   */
  public abstract EventQueue newEventQueue();

  /** A server with {@code units} parallel units, each busy with one piece of work at a time. */
  public abstract Station newStation(int units);

  /**
   * The front end of a device.
   *
   * @param depth commands that can be in the device at a time
   */
  public abstract Arbiter newArbiter(int depth);

  /** What lies behind the front end of a device with such timing. */
  public abstract MediaModel newMediaModel(DeviceTiming timing);

  /**
   * A device that is on, and suspended after so much idle time.
   *
   * @param resumeNs what it then takes to come back
   */
  public abstract PowerSwitch newPowerSwitch(long resumeNs, long suspendAfterNs);

  /**
   * Starts {@code body} on a thread of its own, beside the caller: a simulated thread in virtual
   * time, which first runs when its starter waits; a platform thread in immediate time.
   */
  public abstract SimThread start(String name, Runnable body);

  /**
   * Runs {@code action} after {@code events} more events, between two of them; replaces what was to
   * run so before. Virtual time only, where it makes a run stop at any of its events.
   */
  public abstract void afterEvents(long events, Runnable action);

  /**
   * Ends the simulation at this instant, also from within an event: nothing more happens. The
   * thread that made it goes on first, with {@link SimulationEnded} if it waits; the others do so,
   * in turn, when it closes this.
   */
  public abstract void end();

  /** Ends all threads that wait and joins them. */
  @Override
  public abstract void close();
}
