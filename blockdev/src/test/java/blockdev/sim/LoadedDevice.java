package blockdev.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A device's stations without the device: commands that only take time. */
public final class LoadedDevice {
  public final SimTime time = SimTime.virtual();
  public final EventQueue events = time.newEventQueue();
  public final Arbiter arbiter;
  public final MediaModel media;
  private final MediaTiming timing;
  private final Feed feed = new Feed();
  private final Arbiter.Queue queue;

  public LoadedDevice(MediaTiming timing) {
    this(new DeviceTiming(CryptoTiming.FREE, timing));
  }

  public LoadedDevice(DeviceTiming device) {
    timing = device.media();
    arbiter = time.newArbiter(timing.queueDepth());
    media = time.newMediaModel(device);
    queue = arbiter.newQueue(feed, Arbiter.MEDIUM, events);
  }

  /** What one command is. */
  public record Io(boolean write, long offsetBytes, int bytes, boolean encrypted, boolean fua) {
    public static Io read(long offsetBytes, int bytes) {
      return new Io(false, offsetBytes, bytes, false, false);
    }

    public static Io write(long offsetBytes, int bytes) {
      return new Io(true, offsetBytes, bytes, false, false);
    }

    public Io crypt() {
      return new Io(write, offsetBytes, bytes, true, fua);
    }

    public Io throughBuffer() {
      return new Io(write, offsetBytes, bytes, encrypted, true);
    }
  }

  /** Submits all at once and returns when each came through, in the order of submission. */
  public List<Long> endsNs(Io... ios) {
    List<Load> loads = new ArrayList<>();
    for (Io io : ios) {
      Load load = new Load();
      load.io = io;
      loads.add(load);
      feed.waiting.add(load);
    }
    queue.ready();
    settle();
    return loads.stream().map(load -> load.endNs).toList();
  }

  /** How long a flush takes from now. */
  public long flushNs() {
    long startNs = time.nowNs();
    WaitPoint done = new WaitPoint();
    media.newTransfer(events, done::signal).flush();
    events.await(done);
    return time.nowNs() - startNs;
  }

  private void settle() {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, 1_000_000_000_000L);
    events.await(over);
  }

  /**
   * Keeps {@code depth} commands of {@code bytes} under way, each where {@code offsets} says, and
   * measures when the first {@code warmUp} have come through, over the next {@code count}.
   */
  public Rate closedLoop(
      boolean write, int bytes, int depth, int warmUp, int count, LongSupplier offsets) {
    Loop loop = new Loop(write, bytes, warmUp, count, offsets);
    for (int i = 0; i < depth; i++) {
      Load load = new Load();
      load.loop = loop;
      loop.submit(load);
    }
    events.await(loop.over);
    return new Rate(
        count * 1e9 / (loop.endNs - loop.startNs), loop.latencyNsTotal / 1e9 / count, bytes);
  }

  /** What a closed loop had. */
  public record Rate(double perSecond, double meanLatencySeconds, int bytes) {
    public double megabytesPerSecond() {
      return perSecond * bytes / 1e6;
    }

    public double meanUnderWay() {
      return perSecond * meanLatencySeconds;
    }
  }

  private final class Loop {
    final boolean write;
    final int bytes;
    final int warmUp;
    final int count;
    final LongSupplier offsets;
    final WaitPoint over = new WaitPoint();
    int ended;
    long startNs;
    long endNs;
    double latencyNsTotal;

    Loop(boolean write, int bytes, int warmUp, int count, LongSupplier offsets) {
      this.write = write;
      this.bytes = bytes;
      this.warmUp = warmUp;
      this.count = count;
      this.offsets = offsets;
    }

    void submit(Load load) {
      load.io = new Io(write, offsets.getAsLong(), bytes, false, false);
      load.submitNs = time.nowNs();
      feed.waiting.add(load);
      queue.ready();
    }

    void ended(Load load) {
      ended++;
      if (ended == warmUp) {
        startNs = time.nowNs();
      } else if (ended > warmUp && ended <= warmUp + count) {
        latencyNsTotal += load.endNs - load.submitNs;
        if (ended == warmUp + count) {
          endNs = time.nowNs();
          over.signal();
        }
      }
      if (ended < warmUp + count) {
        submit(load);
      }
    }
  }

  private static final class Feed implements Arbiter.Source {
    final ArrayList<Load> waiting = new ArrayList<>();

    @Override
    public Arbiter.@Nullable Command fetch() {
      return waiting.isEmpty() ? null : waiting.removeFirst();
    }
  }

  private final class Load implements Arbiter.Command {
    private final Transfer transfer = media.newTransfer(events, this::ended);
    private Io io = Io.read(0, 1);
    private @Nullable Loop loop;
    private long submitNs;
    private long endNs;

    @Override
    public long frontEndNs() {
      return io.write ? timing.writeCommandNs() : timing.readCommandNs();
    }

    @Override
    public void start() {
      if (io.write) {
        transfer.write(io.offsetBytes, io.bytes, io.encrypted, io.fua);
      } else {
        transfer.read(io.offsetBytes, io.bytes, io.encrypted);
      }
    }

    private void ended() {
      endNs = time.nowNs();
      arbiter.left();
      Loop its = loop;
      if (its != null) {
        its.ended(this);
      }
    }
  }
}
