package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotAcquire;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One command's worth of I/O: a list of bios that continue one another, with the context of the
 * first and the keyslot all of them share. There is one request object for each tag.
 */
public final class Request {
  /** {@link #slot} of a request that has none. */
  public static final int NO_SLOT = -1;

  private final HardwareQueue queue;
  private final int tag;
  private final CryptoContext crypt = new CryptoContext();
  final KeyslotAcquire acquire;

  private @Nullable Bio firstBio;
  private @Nullable Bio lastBio;
  private int sizeBytes;
  private int segmentCount;
  private long startOffset; // host memory: where the first segment starts
  private long endOffset; // host memory: where the last segment ends
  private boolean isFull;
  private int slot;
  final Runnable dispatchAgain;
  @Nullable Request nextInList;

  Request(HardwareQueue queue, int tag, Executor executor) {
    this.queue = queue;
    this.tag = tag;
    this.acquire = new Acquire(executor);
    dispatchAgain = () -> queue.dispatch(this);
  }

  void start(Bio bio, BioShape shape) {
    bio.setNext(null);
    firstBio = bio;
    lastBio = bio;
    sizeBytes = bio.sizeBytes();
    segmentCount = shape.segmentCount();
    startOffset = shape.startOffset();
    endOffset = shape.endOffset();
    isFull = false;
    crypt.copyFrom(bio.crypt());
    slot = NO_SLOT;
    nextInList = null;
  }

  /**
   * Appends or prepends {@code bio} if it continues this request and the device's limits allow it
   * ({@code blk_attempt_bio_merge}). A merged bio takes no slot of its own; a bio put in front
   * gives the request its data unit number.
   */
  boolean merge(Bio bio, BioShape shape, QueueLimits limits) {
    if (!mayMerge() || !bio.mayMerge() || bio.op() != op() || bio.crypt().key() != crypt.key()) {
      return false;
    }
    if (endSector() == bio.sector()) {
      return append(bio, shape, limits);
    }
    return bio.endSector() == sector() && prepend(bio, shape, limits);
  }

  private boolean append(Bio bio, BioShape shape, QueueLimits limits) {
    if (QueueLimits.hasGap(endOffset, shape.startOffset())
        || !crypt.continuesInto(bio.crypt(), sizeBytes)
        || !grow(bio.sizeBytes(), shape.segmentCount(), limits)) {
      return false;
    }
    bio.setNext(null);
    last().setNext(bio);
    lastBio = bio;
    endOffset = shape.endOffset();
    queue.merged(this, bio, true);
    return true;
  }

  private boolean prepend(Bio bio, BioShape shape, QueueLimits limits) {
    if (QueueLimits.hasGap(shape.endOffset(), startOffset)
        || !bio.crypt().continuesInto(crypt, bio.sizeBytes())
        || !grow(bio.sizeBytes(), shape.segmentCount(), limits)) {
      return false;
    }
    bio.setNext(first());
    firstBio = bio;
    startOffset = shape.startOffset();
    crypt.copyFrom(bio.crypt());
    queue.merged(this, bio, false);
    return true;
  }

  /** A request for which a bio was once too much takes no others ({@code REQ_NOMERGE}). */
  private boolean grow(int bytes, int segments, QueueLimits limits) {
    isFull = !fits(bytes, segments, limits);
    if (!isFull) {
      sizeBytes += bytes;
      segmentCount += segments;
    }
    return !isFull;
  }

  private boolean fits(int bytes, int segments, QueueLimits limits) {
    return sizeBytes + bytes <= limits.maxBytes()
        && segmentCount + segments <= limits.maxSegments();
  }

  /**
   * Takes over the bios of {@code next} if that continues this request and the device's limits
   * allow it ({@code attempt_merge}). Its tag and its slot are then to be given back.
   */
  boolean absorb(Request next, QueueLimits limits) {
    if (!mayMerge()
        || !next.mayMerge()
        || next.op() != op()
        || endSector() != next.sector()
        || QueueLimits.hasGap(endOffset, next.startOffset)
        || !crypt.continuesInto(next.crypt, sizeBytes)
        || !fits(next.sizeBytes, next.segmentCount, limits)) {
      return false;
    }
    last().setNext(next.first());
    lastBio = next.lastBio;
    endOffset = next.endOffset;
    sizeBytes += next.sizeBytes;
    segmentCount += next.segmentCount;
    next.firstBio = null;
    next.lastBio = null;
    return true;
  }

  private boolean mayMerge() {
    return !isFull && first().mayMerge();
  }

  public BioOp op() {
    return first().op();
  }

  public boolean isForceUnitAccess() {
    return first().isForceUnitAccess();
  }

  public long sector() {
    return first().sector();
  }

  long endSector() {
    return sector() + (sizeBytes >>> QueueLimits.SECTOR_SHIFT);
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  /** Identifies this request among those of its hardware queue, from 0. */
  public int tag() {
    return tag;
  }

  /** Key and first data unit number; empty for plain I/O. */
  public CryptoContext crypt() {
    return crypt;
  }

  /** The keyslot, or {@link #NO_SLOT} for plain I/O and for devices without slots. */
  public int slot() {
    return slot;
  }

  /** The first of the request's bios; the others follow by {@link Bio#next}. */
  public Bio first() {
    Bio bio = firstBio;
    assert bio != null : "the request is not started";
    return bio;
  }

  private Bio last() {
    Bio bio = lastBio;
    assert bio != null : "the request is not started";
    return bio;
  }

  void noteIssued(long nowNs) {
    for (Bio bio = firstBio; bio != null; bio = bio.next()) {
      bio.setIssuedNs(nowNs);
    }
  }

  /** Ends the request and all its bios with {@code status}: the driver's answer. */
  public void end(BioStatus status) {
    queue.end(this, status);
  }

  /**
   * Ends the first {@code bytes} well, while the driver still has the rest, which keeps the keyslot
   * ({@code blk_update_request}). Where Linux leaves the request's context as it was, it moves on
   * here with the data, so that the rest can be issued again under its own data unit numbers.
   *
   * @throws IllegalArgumentException if that is nothing, or all, or not whole blocks and data units
   */
  public void endFront(int bytes) {
    CryptoKey key = crypt.key();
    int unit = key == null ? 1 : key.config().dataUnitSizeBytes();
    int block = queue.limits().logicalBlockBytes();
    if (bytes <= 0 || bytes >= sizeBytes || bytes % block != 0 || bytes % unit != 0) {
      throw new IllegalArgumentException(
          "bytes must be whole blocks and data units and less than " + sizeBytes + ", is " + bytes);
    }
    sizeBytes -= bytes;
    crypt.advance(bytes);
    int left = bytes;
    while (left >= first().sizeBytes()) {
      left -= first().sizeBytes();
      endFirstBio(BioStatus.OK);
    }
    first().advance(left);
    queue.remeasure(this);
  }

  /**
   * Hands the request back to the queue, which issues it again {@code delayNs} from now or later
   * ({@code blk_mq_requeue_request}). It keeps its tag, its context and its keyslot.
   */
  public void requeue(long delayNs) {
    queue.requeue(this, delayNs);
  }

  /** Notes where the memory of what is left starts, and in how many segments it is. */
  void remeasure(BioShape shape) {
    segmentCount = 0;
    for (Bio bio = firstBio; bio != null; bio = bio.next()) {
      shape.measure(bio);
      if (bio == firstBio) {
        startOffset = shape.startOffset();
      }
      segmentCount += shape.segmentCount();
    }
  }

  void hold(int slot) {
    this.slot = slot;
  }

  /** Takes the bios away and ends them; the request can then be started again. */
  void endBios(BioStatus status) {
    while (firstBio != null) {
      endFirstBio(status);
    }
    lastBio = null;
  }

  private void endFirstBio(BioStatus status) {
    Bio bio = first();
    firstBio = bio.next();
    bio.setNext(null);
    queue.tracer().bioEnded(bio, status);
    bio.endPart(status);
  }

  /** What the keyslot manager calls back when the request's slot was not there at once. */
  private final class Acquire extends KeyslotAcquire {
    Acquire(Executor executor) {
      super(executor);
    }

    @Override
    protected void granted(int grantedSlot) {
      queue.slotGranted(Request.this, grantedSlot);
    }

    @Override
    protected void refused(Errno errno) {
      queue.fail(Request.this, BioStatus.of(errno));
    }
  }
}
