package blockdev.sim;

/** A thread of a simulation. Get one from {@link SimTime#start}. */
public abstract sealed class SimThread permits VirtualTime.Baton, ImmediateTime.Worker {
  private final String name;

  SimThread(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /**
   * Waits until the thread's body has ended.
   *
   * @throws IllegalStateException if the body threw; the cause is what it threw
   */
  public abstract void join();

  /** Schedules the thread, which waits, to go on at the current instant. */
  abstract void resumeLater();

  @Override
  public String toString() {
    return name;
  }
}
