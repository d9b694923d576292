package blockdev.sim;

import java.util.concurrent.Executor;

/**
 * Events of one queue pair, or of the whole simulation in virtual time. An event is any {@code
 * Runnable}; those on the data path are made once and scheduled again and again, so that scheduling
 * allocates nothing.
 *
 * <p>Events of one instant run in the order in which they were scheduled. As an {@link Executor},
 * the queue takes work from any thread and runs it at the current instant.
 */
public abstract sealed class EventQueue implements Executor
    permits VirtualTime.Queue, ImmediateTime.Queue {
  EventQueue() {}

  /** The time of the simulation that this queue belongs to. */
  public abstract long nowNs();

  /** Runs {@code event} {@code delayNs} from now. Only the queue's own thread may call this. */
  public abstract void schedule(Runnable event, long delayNs);

  /**
   * Runs {@code event} {@code delayNs} from now, for those who look whether something else has
   * taken too long. Where time does not pass, that is when the queue's thread waits and nothing
   * else is left to happen in the queue. Only the queue's own thread may call this.
   */
  public abstract void scheduleTimeout(Runnable event, long delayNs);

  /** Runs {@code event} at the current instant, after what is already due. Any thread may call. */
  @Override
  public abstract void execute(Runnable event);

  /**
   * Does nothing while the simulation goes on.
   *
   * @throws SimulationEnded if it has ended
   */
  public abstract void checkRunning();

  /**
   * Lets pending events run if this time runs them on the submitting thread; otherwise does
   * nothing. Never runs an event inside another one.
   */
  public abstract void poll();

  /**
   * Runs {@code action} as the last thing that the calling thread does before others see that it
   * has ended, however it ends. Never for a thread that {@link SimTime#start} did not make.
   */
  public abstract void atThreadEnd(Runnable action);

  /**
   * Blocks the calling thread until {@code waitPoint} is signalled, while events go on.
   *
   * @throws SimulationEnded if the simulation ends first
   * @throws IllegalStateException if nothing is left that could signal it, which only virtual time
   *     can know and only the thread that made the simulation is told; if another thread waits
   *     there; or if an event calls this
   */
  public abstract void await(WaitPoint waitPoint);
}
