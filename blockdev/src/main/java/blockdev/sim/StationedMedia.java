package blockdev.sim;

import static blockdev.sim.MediaTiming.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A medium made of stations. */
final class StationedMedia extends MediaModel {
  final EventQueue events;
  final MediaTiming timing;
  private final long engineBytesPerSecond;
  private final Station dies;
  private final Station channels;
  private final Station engine;
  private final Station toHost;
  private final Station fromHost;
  private final List<Part> freeParts = new ArrayList<>();

  // The buffer is a ring of pages, free again when they are programmed.
  private final long[] freeAtNs;
  private int nextBufferPage;
  private final Runnable fillBuffer = this::fillBuffer;
  private @Nullable StationedTransfer firstWriter; // those who have not all their pages in
  private @Nullable StationedTransfer lastWriter;
  private long programmedAtNs; // all that is in the buffer

  StationedMedia(SimTime time, MediaTiming timing, long engineBytesPerSecond) {
    events = time.newEventQueue();
    this.timing = timing;
    this.engineBytesPerSecond = engineBytesPerSecond;
    dies = time.newStation(timing.dies());
    channels = time.newStation(timing.channels());
    engine = time.newStation(1);
    toHost = time.newStation(1);
    fromHost = time.newStation(1);
    freeAtNs = new long[timing.bufferPages()];
  }

  @Override
  public Transfer newTransfer(EventQueue its, Runnable done) {
    return new StationedTransfer(this, done);
  }

  @Override
  public List<StationUse> use() {
    return List.of(
        new StationUse("dies", dies.busyNs()),
        new StationUse("channels", channels.busyNs()),
        new StationUse("engine", engine.busyNs()),
        new StationUse("link to host", toHost.busyNs()),
        new StationUse("link from host", fromHost.busyNs()));
  }

  /** How long from now the die of {@code page} will have read it. */
  long readDie(long page) {
    return dies.reserve(die(page), timing.readFirmwareNs(), timing.dieReadNs());
  }

  /** How long from now a part that its die has read will be with the host. */
  long moveToHost(long page, int bytes, boolean encrypted) {
    long channelNs =
        channels.reserve(
            channel(page), 0, MediaTiming.transferNs(bytes, timing.channelBytesPerSecond()));
    return toHost.reserve(
        0,
        crypt(channelNs, bytes, encrypted),
        MediaTiming.transferNs(bytes, timing.readLinkBytesPerSecond()));
  }

  /** How long from now the host's data will have come in, ready for the buffer. */
  long moveFromHost(int bytes, long pages, boolean encrypted) {
    long linkNs =
        fromHost.reserve(0, 0, MediaTiming.transferNs(bytes, timing.writeLinkBytesPerSecond()));
    return crypt(linkNs, bytes, encrypted)
        + timing.writeFirmwareNs()
        + pages * timing.writeFirmwarePageNs();
  }

  private long crypt(long afterNs, int bytes, boolean encrypted) {
    return encrypted
        ? engine.reserve(0, afterNs, MediaTiming.transferNs(bytes, engineBytesPerSecond))
        : afterNs;
  }

  /** How long from now {@code page} will be programmed. */
  long program(long page) {
    long channelNs =
        channels.reserve(
            channel(page), 0, MediaTiming.transferNs(PAGE_BYTES, timing.channelBytesPerSecond()));
    return dies.reserve(die(page), channelNs, timing.dieProgramNs());
  }

  boolean hasBuffer() {
    return freeAtNs.length > 0;
  }

  /** Puts the pages of {@code writer} into the buffer, after those of writers that came before. */
  void buffer(StationedTransfer writer) {
    StationedTransfer before = lastWriter;
    lastWriter = writer;
    if (before == null) {
      firstWriter = writer;
      fillBuffer();
    } else {
      before.nextWriter = writer;
    }
  }

  private void fillBuffer() {
    long nowNs = events.nowNs();
    for (StationedTransfer writer = firstWriter; writer != null; writer = firstWriter) {
      while (writer.hasPage()) {
        long freeNs = freeAtNs[nextBufferPage] - nowNs;
        if (freeNs > 0) {
          events.schedule(fillBuffer, freeNs);
          return;
        }
        long endNs = nowNs + program(writer.takePage());
        freeAtNs[nextBufferPage] = endNs;
        nextBufferPage = nextBufferPage + 1 == freeAtNs.length ? 0 : nextBufferPage + 1;
        programmedAtNs = Math.max(programmedAtNs, endNs);
        writer.programmedAt(endNs);
      }
      firstWriter = writer.nextWriter;
      writer.nextWriter = null;
      if (firstWriter == null) {
        lastWriter = null;
      }
      writer.buffered();
    }
  }

  /** How long from now all that is in the buffer will be programmed. */
  long programBuffer() {
    return Math.max(0, programmedAtNs - events.nowNs());
  }

  private int channel(long page) {
    return (int) (page % timing.channels());
  }

  private int die(long page) {
    return (int) (page % timing.dies()); // so the channel is the die's, modulo their number
  }

  Part takePart(StationedTransfer transfer, long page, int bytes) {
    Part part = freeParts.isEmpty() ? new Part() : freeParts.removeLast();
    part.transfer = transfer;
    part.page = page;
    part.bytes = bytes;
    return part;
  }

  /** One page of a read that spans several; as an event, the instant at which its die is done. */
  final class Part implements Runnable {
    private @Nullable StationedTransfer transfer;
    private long page;
    private int bytes;

    @Override
    public void run() {
      StationedTransfer whole = transfer;
      transfer = null;
      freeParts.add(this);
      if (whole != null) {
        whole.dieDone(page, bytes);
      }
    }
  }
}
