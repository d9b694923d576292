package blockdev.sim;

import java.util.ArrayDeque;

/** Off after so much idle time, on after so much time to resume. */
final class IdleSuspend extends PowerSwitch {
  private final EventQueue events;
  private final long resumeNs;
  private final long suspendAfterNs;
  private final Runnable on = this::on;
  private final Runnable timeOver = this::timeOver;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean suspended;
  private int users;
  private long idleSinceNs;
  private boolean timerRuns;
  private long timerFromNs;

  /** On, and idle from now. */
  IdleSuspend(EventQueue events, long resumeNs, long suspendAfterNs) {
    this.events = events;
    this.resumeNs = resumeNs;
    this.suspendAfterNs = suspendAfterNs;
  }

  @Override
  public void resume(Runnable resumed) {
    users++;
    if (!suspended) {
      resumed.run();
      return;
    }
    waiting.add(resumed);
    if (waiting.size() == 1) {
      events.schedule(on, resumeNs);
    }
  }

  private void on() {
    suspended = false;
    Runnable resumed;
    while ((resumed = waiting.poll()) != null) {
      resumed.run();
    }
  }

  @Override
  public void release() {
    if (--users == 0) {
      idleSinceNs = events.nowNs();
      if (!timerRuns) {
        startTimer(suspendAfterNs);
      }
    }
  }

  private void startTimer(long delayNs) {
    timerRuns = true;
    timerFromNs = idleSinceNs;
    events.schedule(timeOver, delayNs);
  }

  /** The timer cannot be stopped, so it may have run for an idle time that is over. */
  private void timeOver() {
    timerRuns = false;
    if (users > 0) {
      return;
    }
    if (idleSinceNs > timerFromNs) {
      startTimer(idleSinceNs - timerFromNs);
    } else {
      suspended = true;
    }
  }
}
