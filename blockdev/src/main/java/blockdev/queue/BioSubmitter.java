package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;

/** One thread's way into a block device: it submits bios, plugs, and waits. Not thread-safe. */
public interface BioSubmitter {
  /**
   * Submits {@code bio} ({@code submit_bio}). It ends later, with a status; never inside this call
   * unless this time runs events on the submitting thread. A bio whose context the device does not
   * support ends with {@code NOTSUPP}.
   *
   * @throws IllegalStateException if the bio's key is closed; nothing is then submitted
   * @throws blockdev.sim.SimulationEnded if the simulation has ended
   */
  void submit(Bio bio);

  /** The thread whose way in this is. */
  IoThread thread();

  /**
   * Begins to hold requests back until the matching {@link #finishPlug}. Plugs nest; a thread has
   * one for all devices.
   */
  default void startPlug() {
    thread().startPlug();
  }

  /** Ends a {@link #startPlug}; the outermost one issues what was held back. */
  default void finishPlug() {
    thread().finishPlug();
  }

  /**
   * Flushes the plug, then blocks the calling thread until {@code waitPoint} is signalled. What
   * events submit meanwhile is not plugged, for nobody would flush it.
   */
  default void await(WaitPoint waitPoint) {
    thread().await(waitPoint);
  }

  /** The events of this way in, as an executor for what must run on its thread. */
  default EventQueue events() {
    return thread().events();
  }
}
