package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoContext;
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
  private int slot;
  @Nullable Request nextInPlug;

  Request(HardwareQueue queue, int tag, Executor executor) {
    this.queue = queue;
    this.tag = tag;
    this.acquire = new Acquire(executor);
  }

  void start(Bio bio, BioShape shape) {
    bio.setNext(null);
    firstBio = bio;
    lastBio = bio;
    sizeBytes = bio.sizeBytes();
    segmentCount = shape.segmentCount();
    startOffset = shape.startOffset();
    endOffset = shape.endOffset();
    crypt.copyFrom(bio.crypt());
    slot = NO_SLOT;
    nextInPlug = null;
  }

  /**
   * Appends or prepends {@code bio} if it continues this request and the device's limits allow it
   * ({@code blk_attempt_bio_merge}). A merged bio takes no slot of its own; a bio put in front
   * gives the request its data unit number.
   */
  MergeResult merge(Bio bio, BioShape shape, QueueLimits limits) {
    Bio first = first();
    if (bio.op() != first.op()
        || bio.op() == BioOp.FLUSH
        || bio.isForceUnitAccess() != first.isForceUnitAccess()
        || bio.crypt().key() != crypt.key()
        || sizeBytes + bio.sizeBytes() > limits.maxBytes()
        || segmentCount + shape.segmentCount() > limits.maxSegments()) {
      return MergeResult.NONE;
    }
    if (endSector() == bio.sector()
        && !QueueLimits.hasGap(endOffset, shape.startOffset())
        && crypt.continuesInto(bio.crypt(), sizeBytes)) {
      bio.setNext(null);
      last().setNext(bio);
      lastBio = bio;
      endOffset = shape.endOffset();
      grow(bio, shape);
      return MergeResult.BACK;
    }
    if (bio.endSector() == sector()
        && !QueueLimits.hasGap(shape.endOffset(), startOffset)
        && bio.crypt().continuesInto(crypt, bio.sizeBytes())) {
      bio.setNext(first);
      firstBio = bio;
      startOffset = shape.startOffset();
      crypt.copyFrom(bio.crypt());
      grow(bio, shape);
      return MergeResult.FRONT;
    }
    return MergeResult.NONE;
  }

  private void grow(Bio bio, BioShape shape) {
    sizeBytes += bio.sizeBytes();
    segmentCount += shape.segmentCount();
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

  /** Ends the request and all its bios with {@code status}: the driver's answer. */
  public void end(BioStatus status) {
    queue.end(this, status);
  }

  void hold(int slot) {
    this.slot = slot;
  }

  /** Takes the bios away and ends them; the request can then be started again. */
  void endBios(BioStatus status) {
    Bio bio = firstBio;
    firstBio = null;
    lastBio = null;
    while (bio != null) {
      Bio next = bio.next();
      bio.setNext(null);
      queue.tracer().bioEnded(bio, status);
      bio.endPart(status);
      bio = next;
    }
  }

  enum MergeResult {
    NONE,
    BACK,
    FRONT
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
      queue.end(Request.this, BioStatus.of(errno));
    }
  }
}
