package blockdev.nvme.controller;

import blockdev.sim.EventQueue;

/** An interrupt of the host: one event however often it is raised before it is served. */
final class InterruptVector implements Runnable {
  private final EventQueue events;
  private final Runnable handler;
  private boolean raised;

  /**
   * @param events those that serve the queues which use this vector
   */
  InterruptVector(EventQueue events, Runnable handler) {
    this.events = events;
    this.handler = handler;
  }

  EventQueue events() {
    return events;
  }

  void raise() {
    if (!raised) {
      raised = true;
      events.schedule(this, 0);
    }
  }

  @Override
  public void run() {
    raised = false;
    handler.run();
  }
}
