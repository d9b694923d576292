package blockdev.sim;

import static blockdev.sim.MediaTiming.PAGE_BYTES;
import static blockdev.sim.MediaTiming.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;

/** A transfer over stations. As an event: the die of a one-page read is done, or data came in. */
final class StationedTransfer extends Transfer implements Runnable {
  private final StationedMedia media;
  private final EventQueue events;
  private final Runnable done;

  private boolean reading;
  private boolean encrypted;
  private boolean throughBuffer;
  private int bytes;
  private long page; // the next one
  private long lastPage;
  private int partsLeft; // of a read
  private long endNs; // of the parts so far

  @Nullable StationedTransfer nextWriter; // after this one, for the buffer

  StationedTransfer(StationedMedia media, Runnable done) {
    this.media = media;
    this.done = done;
    events = media.events;
  }

  private void start(long offsetBytes, int bytes, boolean encrypted, boolean reading) {
    this.bytes = bytes;
    this.encrypted = encrypted;
    this.reading = reading;
    page = offsetBytes >>> PAGE_SHIFT;
    lastPage = offsetBytes + bytes - 1 >>> PAGE_SHIFT;
    endNs = events.nowNs();
  }

  @Override
  public void read(long offsetBytes, int bytes, boolean encrypted) {
    start(offsetBytes, bytes, encrypted, true);
    partsLeft = (int) (lastPage - page) + 1;
    if (partsLeft == 1) {
      events.schedule(this, media.readDie(page));
      return;
    }
    long from = offsetBytes;
    long end = offsetBytes + bytes;
    while (from < end) {
      long next = Math.min(end, (from & -PAGE_BYTES) + PAGE_BYTES);
      long itsPage = from >>> PAGE_SHIFT;
      events.schedule(media.takePart(this, itsPage, (int) (next - from)), media.readDie(itsPage));
      from = next;
    }
  }

  void dieDone(long itsPage, int itsBytes) {
    long nowNs = events.nowNs();
    endNs = Math.max(endNs, nowNs + media.moveToHost(itsPage, itsBytes, encrypted));
    if (--partsLeft == 0) {
      events.schedule(done, endNs - nowNs);
    }
  }

  @Override
  public void write(long offsetBytes, int bytes, boolean encrypted, boolean throughBuffer) {
    start(offsetBytes, bytes, encrypted, false);
    this.throughBuffer = throughBuffer;
    events.schedule(this, media.moveFromHost(bytes, lastPage - page + 1, encrypted));
  }

  @Override
  public void run() {
    if (reading) {
      dieDone(page, bytes);
    } else if (media.hasBuffer()) {
      media.buffer(this);
    } else {
      long nowNs = events.nowNs();
      while (hasPage()) {
        programmedAt(nowNs + media.program(takePage()));
      }
      events.schedule(done, endNs - nowNs);
    }
  }

  boolean hasPage() {
    return page <= lastPage;
  }

  long takePage() {
    return page++;
  }

  void programmedAt(long atNs) {
    endNs = Math.max(endNs, atNs);
  }

  /** All pages are in the buffer. */
  void buffered() {
    events.schedule(done, throughBuffer ? endNs - events.nowNs() : 0);
  }

  @Override
  public void flush() {
    events.schedule(done, media.programBuffer());
  }

  @Override
  public void pass() {
    events.schedule(done, 0);
  }
}
