package blockdev.nvme.controller;

import blockdev.sim.EventQueue;

/**
 * An interrupt of the host: one event however often it is raised before it is served.
 *
 * <p>With coalescing it waits until there are enough completions, or until the first of them is so
 * old. (Base specification, features Interrupt Coalescing and Interrupt Vector Configuration.)
 */
final class InterruptVector implements Runnable {
  private final EventQueue events;
  private final Runnable handler;
  private final Runnable timeOver = this::timeOver;
  private boolean raised;

  private int threshold = 1; // completions; 1 for no coalescing
  private long timeNs;
  private int waiting; // completions since the last interrupt
  private long firstAtNs; // of those
  private boolean timerRuns;
  private long timerFromNs;

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

  /**
   * @param threshold completions that raise it at once; 1 for no coalescing
   * @param timeNs what the first of fewer completions waits at most; 0 for no coalescing
   */
  void coalesce(int threshold, long timeNs) {
    this.threshold = timeNs == 0 ? 1 : threshold;
    this.timeNs = timeNs;
    if (waiting > 0 && waiting >= this.threshold) {
      raise();
    }
  }

  /** A completion was posted. */
  void posted() {
    if (raised) {
      return; // the handler will find it too
    }
    waiting++;
    if (waiting >= threshold) {
      raise();
    } else if (waiting == 1) {
      firstAtNs = events.nowNs();
      if (!timerRuns) {
        startTimer(timeNs);
      }
    }
  }

  private void startTimer(long delayNs) {
    timerRuns = true;
    timerFromNs = firstAtNs;
    events.schedule(timeOver, delayNs);
  }

  /** The timer cannot be stopped, so it may have run for completions that were served since. */
  private void timeOver() {
    timerRuns = false;
    if (waiting == 0) {
      return;
    }
    long sinceNs = firstAtNs - timerFromNs;
    if (sinceNs > 0) {
      startTimer(sinceNs);
    } else {
      raise();
    }
  }

  private void raise() {
    waiting = 0;
    raised = true;
    events.schedule(this, 0);
  }

  @Override
  public void run() {
    raised = false;
    handler.run();
  }
}
