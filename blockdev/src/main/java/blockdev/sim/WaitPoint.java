package blockdev.sim;

import org.jspecify.annotations.Nullable;

/**
 * Where one thread waits for one thing to happen. Signalled by an event, or by another simulated
 * thread; a signal that comes first is kept. Can be used again after {@link #reset}.
 *
 * <p>A wait point belongs to one event queue: signalled by its events, awaited by its thread.
 */
public final class WaitPoint {
  @Nullable SimThread waiter;
  private boolean signalled;

  public void reset() {
    assert waiter == null : "a thread still waits here";
    signalled = false;
  }

  /** Lets the waiting thread, now or later, go on. It resumes in the order of events. */
  public void signal() {
    if (signalled) {
      return;
    }
    signalled = true;
    SimThread thread = waiter;
    if (thread != null) {
      waiter = null;
      thread.resumeLater();
    }
  }

  public boolean isSignalled() {
    return signalled;
  }
}
