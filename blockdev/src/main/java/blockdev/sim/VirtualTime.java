package blockdev.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A discrete-event loop and the simulated threads it resumes.
 *
 * <p>There is one baton. Whoever holds it is the only thread that runs, and while it waits it runs
 * the event loop itself. An event that resumes another thread hands the baton over; the old holder
 * parks until an event resumes it in turn. So a simulation with one thread never switches, and one
 * with many is as deterministic as its events.
 */
final class VirtualTime extends SimTime {
  private final EventHeap heap = new EventHeap();
  private final Queue queue = new Queue();
  private final List<Baton> threads = new ArrayList<>();
  private long nowNs;
  private final Baton main = new Baton("main", null); // the thread that made this simulation
  private volatile Baton holder = main;
  private @Nullable Baton next; // set by an event that resumes a thread
  private boolean inEvent;
  private Runnable interlude = () -> {};
  private long eventsToInterlude = Long.MAX_VALUE;
  private @Nullable Throwable eventFailure; // of an event that no waiting thread ran
  private volatile boolean ended;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public EventQueue newEventQueue() {
    return queue;
  }

  @Override
  public Station newStation(int units) {
    return new Units(units);
  }

  @Override
  public Arbiter newArbiter(int depth) {
    return new SharedFrontEnd(queue, depth);
  }

  @Override
  public MediaModel newMediaModel(DeviceTiming timing) {
    long engineBytesPerSecond = timing.keys().engineBytesPerSecond();
    return timing.media().isFreeBehindTheFrontEnd() && engineBytesPerSecond == MediaTiming.UNLIMITED
        ? new TimelessMedia()
        : new StationedMedia(this, timing.media(), engineBytesPerSecond);
  }

  @Override
  public PowerSwitch newPowerSwitch(long resumeNs, long suspendAfterNs) {
    return new IdleSuspend(queue, resumeNs, suspendAfterNs);
  }

  @Override
  public SimThread start(String name, Runnable body) {
    checkRunning();
    Baton thread = new Baton(name, body);
    threads.add(thread);
    thread.resumeLater();
    return thread;
  }

  @Override
  public void afterEvents(long events, Runnable action) {
    interlude = action;
    eventsToInterlude = events;
  }

  @Override
  public void end() {
    ended = true;
  }

  @Override
  public void close() {
    end();
    for (Baton thread : threads) {
      thread.endAndJoin();
    }
  }

  private void checkRunning() {
    if (ended) {
      throw new SimulationEnded();
    }
  }

  /** Runs events until one resumes a thread, and says which; null if none is left. */
  private @Nullable Baton runUntilResumption() {
    next = null;
    while (next == null && !ended) {
      Runnable event = eventsToInterlude-- == 0 ? interlude : heap.poll(nowNs);
      if (event == null) {
        return null;
      }
      nowNs = heap.polledAtNs();
      inEvent = true;
      try {
        event.run();
      } finally {
        inEvent = false;
      }
    }
    return ended ? main : next; // which is to close this
  }

  private void await(WaitPoint waitPoint) {
    checkRunning();
    if (inEvent) {
      throw new IllegalStateException("an event must not wait");
    }
    if (waitPoint.isSignalled()) {
      return;
    }
    if (waitPoint.waiter != null) {
      throw new IllegalStateException(waitPoint.waiter + " waits there already");
    }
    Baton self = holder;
    self.thread = Thread.currentThread();
    waitPoint.waiter = self;
    Baton resumed;
    try {
      resumed = runUntilResumption();
    } catch (RuntimeException | Error thrown) {
      waitPoint.waiter = null;
      throw thrown;
    }
    if (resumed == null) {
      resumed = main; // nothing is left: main says who is stuck
    }
    if (resumed != self) {
      resumed.take();
      self.parkUntilHolder();
    }
    if (ended) {
      waitPoint.waiter = null;
      throw new SimulationEnded();
    }
    if (waitPoint.waiter == self) { // nobody signalled: there is no event left
      waitPoint.waiter = null;
      if (eventFailure != null) {
        throw new IllegalStateException("an event failed: " + eventFailure, eventFailure);
      }
      throw new IllegalStateException(
          "at " + nowNs + " ns nothing is left to happen while these wait: " + whoWaits(self));
    }
  }

  private String whoWaits(Baton self) {
    return threads.stream()
        .filter(thread -> thread != self && !thread.done.isSignalled())
        .map(thread -> ", " + thread + " at " + thread.whereItWaits())
        .collect(Collectors.joining("", self.name(), ""));
  }

  final class Queue extends EventQueue {
    @Override
    public long nowNs() {
      return nowNs;
    }

    @Override
    public void schedule(Runnable event, long delayNs) {
      assert delayNs >= 0 : delayNs;
      heap.add(event, nowNs, delayNs);
    }

    @Override
    public void execute(Runnable event) {
      heap.add(event, nowNs, 0);
    }

    @Override
    public void checkRunning() {
      VirtualTime.this.checkRunning();
    }

    @Override
    public void poll() {
      checkRunning();
    }

    @Override
    public void atThreadEnd(Runnable action) {
      holder.atEnd.add(action);
    }

    @Override
    public void await(WaitPoint waitPoint) {
      VirtualTime.this.await(waitPoint);
    }
  }

  /** A simulated thread: the right to run, when it holds the baton. */
  final class Baton extends SimThread {
    private final @Nullable Runnable body; // null for the main thread
    private final WaitPoint done = new WaitPoint();
    private final List<Runnable> atEnd = new ArrayList<>();
    private final Runnable resumption = () -> next = this;
    private volatile @Nullable Thread thread;
    private volatile boolean ending; // whoever closes the simulation waits for this thread
    private @Nullable Throwable failure;

    Baton(String name, @Nullable Runnable body) {
      super(name);
      this.body = body;
    }

    @Override
    public void join() {
      await(done);
      if (failure != null) {
        throw new IllegalStateException("thread " + name() + " failed: " + failure, failure);
      }
    }

    @Override
    void resumeLater() {
      heap.add(resumption, nowNs, 0);
    }

    private void take() {
      holder = this;
      Thread running = thread;
      if (running == null) {
        thread = Thread.ofVirtual().name(name()).start(this::run);
      } else {
        LockSupport.unpark(running);
      }
    }

    private void run() {
      try {
        if (body != null) {
          body.run();
        }
      } catch (SimulationEnded end) {
        if (!ending) {
          main.take(); // this thread had the baton when the simulation ended
        }
        return;
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
      }
      atEnd.forEach(Runnable::run);
      done.signal();
      Baton resumed = null;
      try {
        resumed = runUntilResumption();
      } catch (RuntimeException | Error thrown) {
        eventFailure = thrown;
      }
      (resumed == null ? main : resumed).take(); // with no event left, main says what is wrong
    }

    private void parkUntilHolder() {
      while (holder != this) {
        LockSupport.park(this);
        if (ending) {
          throw new SimulationEnded();
        }
      }
    }

    private void endAndJoin() {
      Thread running = thread;
      if (running == null || running == Thread.currentThread()) {
        return;
      }
      ending = true;
      LockSupport.unpark(running);
      boolean interrupted = false;
      while (running.isAlive()) {
        try {
          running.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private String whereItWaits() {
      Thread running = thread;
      return running == null ? "its start" : Arrays.toString(running.getStackTrace());
    }
  }

  final class Units extends Station {
    private final long[] busyUntilNs;
    private final long[] busyNs;

    Units(int units) {
      busyUntilNs = new long[units];
      busyNs = new long[units];
    }

    @Override
    public long reserve(int unit, long afterNs, long serviceNs) {
      if (serviceNs == 0) {
        return afterNs;
      }
      busyNs[unit] += serviceNs;
      long doneNs = Math.max(nowNs + afterNs, busyUntilNs[unit]) + serviceNs;
      busyUntilNs[unit] = doneNs;
      return doneNs - nowNs;
    }

    @Override
    public List<Long> busyNs() {
      return Arrays.stream(busyNs).boxed().toList();
    }
  }
}
