package blockdev.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Time that does not pass: every latency is 0, and an event runs as soon as the thread of its queue
 * polls or waits.
 *
 * <p>Each queue belongs to one thread at a time, the one that polls and waits with it. Work from
 * other threads comes through the queue's mailbox, which is the only thing that threads share here.
 */
final class ImmediateTime extends SimTime {
  private final List<Worker> workers = new ArrayList<>();
  private volatile boolean ended;

  @Override
  public long nowNs() {
    return 0;
  }

  @Override
  public EventQueue newEventQueue() {
    return new Queue();
  }

  @Override
  public Station newStation(int units) {
    return new NoDelay();
  }

  @Override
  public Arbiter newArbiter(int depth) {
    return new OwnThreads();
  }

  @Override
  public MediaModel newMediaModel(DeviceTiming timing) {
    return new TimelessMedia();
  }

  @Override
  public PowerSwitch newPowerSwitch(long resumeNs, long suspendAfterNs) {
    return new AlwaysOn();
  }

  @Override
  public synchronized SimThread start(String name, Runnable body) {
    Worker worker = new Worker(name, body);
    workers.add(worker);
    worker.thread.start();
    return worker;
  }

  private synchronized void atThreadEnd(Runnable action) {
    Thread caller = Thread.currentThread();
    for (Worker worker : workers) {
      if (worker.thread == caller) {
        worker.atEnd.add(action);
      }
    }
  }

  @Override
  public void afterEvents(long events, Runnable action) {
    throw new UnsupportedOperationException("events of immediate time have no common order");
  }

  @Override
  public void end() {
    ended = true;
  }

  @Override
  public void close() {
    end();
    List<Worker> all;
    synchronized (this) {
      all = List.copyOf(workers);
    }
    for (Worker worker : all) {
      worker.joinThread();
    }
  }

  final class Queue extends EventQueue {
    private final EventRing pending = new EventRing();
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private @Nullable Thread owner;
    private boolean running; // an event of this queue is running further down the stack

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public void schedule(Runnable event, long delayNs) {
      pending.add(event);
    }

    @Override
    public void execute(Runnable event) {
      if (Thread.currentThread() == owner) {
        pending.add(event);
      } else {
        mailbox.add(event);
      }
    }

    @Override
    public void checkRunning() {
      if (ended) {
        throw new SimulationEnded();
      }
    }

    @Override
    public void poll() {
      claim();
      if (running) {
        return;
      }
      running = true;
      try {
        while (runNext()) {
          // until nothing is pending
        }
      } finally {
        running = false;
      }
    }

    @Override
    public void atThreadEnd(Runnable action) {
      ImmediateTime.this.atThreadEnd(action);
    }

    @Override
    public void await(WaitPoint waitPoint) {
      claim();
      if (running) {
        throw new IllegalStateException("an event must not wait");
      }
      running = true;
      try {
        while (!waitPoint.isSignalled()) {
          if (!runNext()) {
            checkRunning();
            Thread.onSpinWait(); // only another thread's mail can help
          }
        }
      } finally {
        running = false;
      }
    }

    private boolean runNext() {
      Runnable event = pending.poll();
      if (event == null) {
        event = mailbox.poll();
        if (event == null) {
          return false;
        }
      }
      event.run();
      return true;
    }

    private void claim() {
      owner = Thread.currentThread();
      checkRunning();
    }
  }

  final class Worker extends SimThread {
    private final Thread thread;
    private final List<Runnable> atEnd = new ArrayList<>();
    private volatile @Nullable Throwable failure;

    Worker(String name, Runnable body) {
      super(name);
      thread = Thread.ofPlatform().name(name).unstarted(() -> run(body));
    }

    private void run(Runnable body) {
      try {
        body.run();
      } catch (SimulationEnded end) {
        // the simulation was closed under this thread, which is how it is told to stop
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
      }
      atEnd.forEach(Runnable::run);
    }

    @Override
    public void join() {
      joinThread();
      Throwable thrown = failure;
      if (thrown != null) {
        throw new IllegalStateException("thread " + name() + " failed: " + thrown, thrown);
      }
    }

    private void joinThread() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    void resumeLater() {
      throw new IllegalStateException("a thread in immediate time runs its own events");
    }
  }

  static final class NoDelay extends Station {
    @Override
    public long reserve(int unit, long afterNs, long serviceNs) {
      return 0;
    }

    @Override
    public List<Long> busyNs() {
      return List.of();
    }
  }
}
