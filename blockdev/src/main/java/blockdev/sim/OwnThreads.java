package blockdev.sim;

/** Where time does not pass, each queue is served by the events of its own thread. */
final class OwnThreads extends Arbiter {
  @Override
  public Queue newQueue(Source source, int priority, EventQueue events) {
    return new Fetch(source, events);
  }

  @Override
  public void left() {}

  @Override
  public void roundRobin(int burst) {}

  @Override
  public void weighted(int burst, int high, int medium, int low) {}

  @Override
  public long busyNs() {
    return 0;
  }

  static final class Fetch extends Queue implements Runnable {
    private final Source source;
    private final EventQueue events;
    private boolean scheduled;

    private Fetch(Source source, EventQueue events) {
      this.source = source;
      this.events = events;
    }

    @Override
    public void ready() {
      if (!scheduled) {
        scheduled = true;
        events.schedule(this, 0);
      }
    }

    @Override
    public void run() {
      scheduled = false;
      Command command;
      while ((command = source.fetch()) != null) {
        command.start();
      }
    }
  }
}
