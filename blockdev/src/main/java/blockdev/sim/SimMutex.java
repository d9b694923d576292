package blockdev.sim;

import java.util.ArrayDeque;

/**
 * A lock that a simulated thread may hold while it waits: whoever finds it taken gives the baton on
 * and gets the lock in the order of asking. The only lock that may be held across a wait. Not
 * reentrant; in immediate time it never waits, because there one thread uses it.
 */
public final class SimMutex {
  private final ArrayDeque<WaitPoint> waiting = new ArrayDeque<>();
  private boolean held;

  /**
   * Takes the lock, waiting with the events of {@code queue} if it is held. If the wait throws, as
   * {@link EventQueue#await} may, the caller neither has the lock nor still asks for it.
   */
  public void lock(EventQueue queue) {
    if (!held) {
      held = true;
      return;
    }
    WaitPoint turn = new WaitPoint();
    waiting.add(turn);
    boolean mine = false;
    try {
      queue.await(turn); // The one before hands the lock over, still held.
      mine = true;
    } finally {
      if (!mine && !waiting.remove(turn)) {
        unlock(); // It was handed over already.
      }
    }
  }

  public void unlock() {
    assert held : "the lock is not held";
    WaitPoint next = waiting.poll();
    if (next == null) {
      held = false;
    } else {
      next.signal();
    }
  }
}
