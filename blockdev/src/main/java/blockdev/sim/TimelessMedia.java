package blockdev.sim;

import java.util.List;

/** A medium that takes no time. Shares nothing between commands, so threads may use it at once. */
final class TimelessMedia extends MediaModel {
  @Override
  public Transfer newTransfer(EventQueue events, Runnable done) {
    return new Now(events, done);
  }

  @Override
  public List<StationUse> use() {
    return List.of();
  }

  static final class Now extends Transfer {
    private final EventQueue events;
    private final Runnable done;

    private Now(EventQueue events, Runnable done) {
      this.events = events;
      this.done = done;
    }

    @Override
    public void read(long offsetBytes, int bytes, boolean encrypted) {
      pass();
    }

    @Override
    public void write(long offsetBytes, int bytes, boolean encrypted, boolean throughBuffer) {
      pass();
    }

    @Override
    public void flush() {
      pass();
    }

    @Override
    public void pass() {
      events.schedule(done, 0);
    }
  }
}
