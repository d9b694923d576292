package blockdev.queue;

import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread that submits, as all devices of a simulation see it: its events, and the one plug that
 * it holds over all of them ({@code current->plug}). Not thread-safe.
 */
public final class IoThread {
  private final int index;
  private final EventQueue events;
  private final List<HardwareQueue> queues = new ArrayList<>(); // one of each device
  private int plugDepth;

  IoThread(int index, EventQueue events) {
    this.index = index;
    this.events = events;
  }

  /** Identifies this thread among those of its simulation, from 0. */
  public int index() {
    return index;
  }

  public EventQueue events() {
    return events;
  }

  void add(HardwareQueue queue) {
    queues.add(queue);
  }

  boolean isPlugged() {
    return plugDepth > 0;
  }

  /** See {@link BioSubmitter#startPlug}. */
  void startPlug() {
    plugDepth++;
  }

  /** See {@link BioSubmitter#finishPlug}. */
  void finishPlug() {
    assert plugDepth > 0 : "no plug was started";
    if (--plugDepth == 0) {
      flushPlug();
      events.poll();
    }
  }

  /** Ends the plugs of a thread that failed inside them, for the next one has none. */
  void endPlugs() {
    plugDepth = 0;
    flushPlug();
  }

  /**
   * Issues what is held back, whatever the device, but leaves the plug in place: for a bio that has
   * to wait, where Linux lets its submitter sleep.
   */
  public void flushPlug() {
    for (int i = 0; i < queues.size(); i++) {
      queues.get(i).flushPlug();
    }
  }

  /** See {@link BioSubmitter#await}. */
  void await(WaitPoint waitPoint) {
    flushPlug();
    int depth = plugDepth;
    plugDepth = 0;
    try {
      events.await(waitPoint);
    } finally {
      plugDepth = depth;
    }
  }
}
