package blockdev.sim;

import org.jspecify.annotations.Nullable;

/**
 * The front end of a device: chooses whose command is fetched next, and takes its time for each
 * command, one after the other. Where time does not pass, each queue is served by its own thread
 * and there is nothing to arbitrate.
 *
 * <p>Admin commands do not come here: they go first and cost nothing.
 */
public abstract sealed class Arbiter permits SharedFrontEnd, OwnThreads {
  /** The highest class: goes before the others, always. */
  public static final int URGENT = 0;

  public static final int HIGH = 1;
  public static final int MEDIUM = 2;
  public static final int LOW = 3;

  /** For {@link #roundRobin} and {@link #weighted}: no limit. */
  public static final int ANY_BURST = Integer.MAX_VALUE;

  Arbiter() {}

  /** Who has commands to fetch. */
  public interface Source {
    /** Takes the next command, or returns null if there is none that can go on. */
    @Nullable Command fetch();
  }

  /** A command that was fetched. */
  public interface Command {
    /** How long it keeps the front end busy. */
    long frontEndNs();

    /** The front end is done with it. It must not be completed before this returns. */
    void start();
  }

  /** A source that is known to the arbiter. */
  public abstract static sealed class Queue permits SharedFrontEnd.Ready, OwnThreads.Fetch {
    Queue() {}

    /** Says that the source may have something to fetch. */
    public abstract void ready();
  }

  /**
   * @param priority from {@link #URGENT} to {@link #LOW}; counts only with {@link #weighted}
   * @param events those that serve the source
   */
  public abstract Queue newQueue(Source source, int priority, EventQueue events);

  /** Says that a command has left the device, so that another one may be fetched. */
  public abstract void left();

  /**
   * Takes queues in turn, each with up to {@code burst} commands. This is how an arbiter begins,
   * with a burst of 1.
   */
  public abstract void roundRobin(int burst);

  /**
   * Takes urgent queues first, and shares what is left between the other classes by their weights,
   * in commands. Within a class, as {@link #roundRobin}.
   */
  public abstract void weighted(int burst, int high, int medium, int low);

  /** How long the front end was busy. */
  public abstract long busyNs();
}
