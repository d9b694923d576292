package blockdev.nvme.driver;

import blockdev.sim.EventQueue;

/**
 * Finds commands of a queue that have been under way for too long. It ticks once a second while
 * there are any, so a timeout is late by up to a second; in Linux, whose timers are rounded to
 * whole seconds too, likewise.
 *
 * <p>Where time does not pass, it ticks when nothing else is left to happen.
 */
final class CommandClock implements Runnable {
  private static final long TICK_NS = 1_000_000_000L;

  /** The commands that are watched. */
  interface Watched {
    boolean isUnderWay(int tag);

    /**
     * A command has been under way for the whole timeout.
     *
     * @param warned whether {@link CommandClock#warn} was called for it before
     */
    void timedOut(int tag, boolean warned);
  }

  private final EventQueue events;
  private final Watched watched;
  private final int timeoutTicks;
  private final int[] startTicks; // by tag: when it was issued, or the complement: warned
  private int tick;
  private boolean ticking;

  CommandClock(EventQueue events, Watched watched, int timeoutSeconds, int tags) {
    this.events = events;
    this.watched = watched;
    timeoutTicks = timeoutSeconds + 1;
    startTicks = new int[tags];
  }

  /** The command of {@code tag} is under way from now on. */
  void issued(int tag) {
    startTicks[tag] = tick;
    if (!ticking) {
      schedule();
    }
  }

  /** Gives a command that timed out the same time once more. */
  void warn(int tag) {
    startTicks[tag] = ~tick;
  }

  /** Gives a command that timed out the same time once more, as if nothing had been done. */
  void restart(int tag) {
    startTicks[tag] = startTicks[tag] < 0 ? ~tick : tick;
  }

  private void schedule() {
    ticking = true;
    events.scheduleTimeout(this, TICK_NS);
  }

  @Override
  public void run() {
    ticking = false;
    tick++;
    boolean any = false;
    for (int tag = 0; tag < startTicks.length; tag++) {
      if (watched.isUnderWay(tag)) {
        any = true;
        boolean warned = startTicks[tag] < 0;
        int start = warned ? ~startTicks[tag] : startTicks[tag];
        if (tick - start >= timeoutTicks) {
          watched.timedOut(tag, warned);
        }
      }
    }
    if (any && !ticking) {
      schedule();
    }
  }
}
