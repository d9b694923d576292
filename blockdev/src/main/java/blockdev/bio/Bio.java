package blockdev.bio;

import inlinecrypt.CryptoContext;
import org.jspecify.annotations.Nullable;

/**
 * One piece of block I/O: an operation, a start sector, the memory it moves, and, if its data is to
 * be encrypted, a crypto context. Writing encrypts, reading decrypts.
 *
 * <p>Life: {@link #reset}, {@link #addSegment}, set the context, submit; the pages must stay as
 * they are until the {@link BioEnd} is called. Then it can be reset and used again; nothing
 * allocates on the way. At most one thread uses a bio at a time.
 *
 * <p>Where the bio stands in its segments is kept apart from the segments ({@code bvec_iter}), so
 * that clones share the segments, and a part can be split off the front without changing them.
 *
 * <p>Source: {@code struct bio}, {@code block/bio.c}.
 */
public final class Bio {
  /** The most segments a bio can have ({@code BIO_MAX_VECS}). */
  public static final int MAX_SEGMENTS = 256;

  /** {@link #issuedNs} of a bio that no driver has taken. */
  public static final long NOT_ISSUED = -1;

  private static final int PAGE_MASK = QueueLimits.VIRT_BOUNDARY_BYTES - 1;
  private static final int MAX_RANGE_SECTORS = Integer.MAX_VALUE >>> QueueLimits.SECTOR_SHIFT;

  private final long[] ownOffsets;
  private final int[] ownLengths;
  private final CryptoContext crypt = new CryptoContext();
  private final BioEnd end;

  private BioOp op = BioOp.READ;
  private boolean forceUnitAccess;
  private boolean noWait;
  private boolean noMerge;
  private long sector;
  private int sizeBytes;
  private long[] segmentOffsets; // those of the bio this one was cloned from, or its own
  private int[] segmentLengths;
  private int segmentCount;
  private int firstSegment;
  private int firstSegmentDoneBytes;

  private BioStatus status = BioStatus.OK;
  private long issuedNs = NOT_ISSUED;
  private int unendedParts;
  private @Nullable Bio next;
  private @Nullable Bio parent;

  /**
   * @param maxSegments the most segments it will be given, up to {@link #MAX_SEGMENTS}; 0 for a bio
   *     that is only made by cloning and splitting others
   */
  public Bio(int maxSegments, BioEnd end) {
    if (maxSegments < 0 || maxSegments > MAX_SEGMENTS) {
      throw new IllegalArgumentException("maxSegments must be from 0 to 256, is " + maxSegments);
    }
    ownOffsets = new long[maxSegments];
    ownLengths = new int[maxSegments];
    segmentOffsets = ownOffsets;
    segmentLengths = ownLengths;
    this.end = end;
  }

  /** Makes this an empty bio without a context, from {@code sector} (512 bytes each) on. */
  public Bio reset(BioOp op, long sector) {
    this.op = op;
    this.sector = sector;
    forceUnitAccess = false;
    noWait = false;
    noMerge = false;
    sizeBytes = 0;
    segmentOffsets = ownOffsets;
    segmentLengths = ownLengths;
    segmentCount = 0;
    firstSegment = 0;
    firstSegmentDoneBytes = 0;
    crypt.clear();
    status = BioStatus.OK;
    issuedNs = NOT_ISSUED;
    unendedParts = 1;
    next = null;
    parent = null;
    return this;
  }

  /** Makes this an empty bio with the operation, the flags and the sector of {@code other}. */
  public Bio resetLike(Bio other) {
    reset(other.op, other.sector);
    forceUnitAccess = other.forceUnitAccess;
    noWait = other.noWait;
    noMerge = other.noMerge;
    return this;
  }

  /** Asks that the data be durable when the write ends (FUA). */
  public Bio forceUnitAccess() {
    forceUnitAccess = true;
    return this;
  }

  /**
   * Asks that the bio end with {@link BioStatus#AGAIN} where it would have to be split or to wait
   * for a request ({@code REQ_NOWAIT}). A wait for a keyslot is not spared, as in Linux.
   */
  public Bio noWait() {
    noWait = true;
    return this;
  }

  /** Keeps this and its request from merging with anything ({@code REQ_NOMERGE}). */
  public Bio noMerge() {
    noMerge = true;
    return this;
  }

  /**
   * Makes this cover {@code sectors} of 512 bytes, for an operation that has a range and no data.
   *
   * @throws IllegalArgumentException if the operation is none of those, or {@code sectors} is not
   *     from 0 to 4,194,303
   */
  public Bio range(int sectors) {
    if (op.movesData() || op == BioOp.FLUSH) {
      throw new IllegalArgumentException(op + " has no range without data");
    }
    if (sectors < 0 || sectors > MAX_RANGE_SECTORS) {
      throw new IllegalArgumentException(
          "sectors must be from 0 to " + MAX_RANGE_SECTORS + ", is " + sectors);
    }
    sizeBytes = sectors << QueueLimits.SECTOR_SHIFT;
    return this;
  }

  /**
   * Adds memory; what continues the last segment becomes part of it.
   *
   * @param hostOffset offset in the host memory
   * @return false, with nothing added, if the bio has no room for another segment
   * @throws IllegalStateException if this is a clone or a part, whose segments are another's
   */
  public boolean addSegment(long hostOffset, int lengthBytes) {
    if (lengthBytes <= 0) {
      throw new IllegalArgumentException("lengthBytes must be positive, is " + lengthBytes);
    }
    if (segmentOffsets != ownOffsets) {
      throw new IllegalStateException("the segments belong to another bio");
    }
    int newSizeBytes = Math.addExact(sizeBytes, lengthBytes);
    int last = segmentCount - 1;
    if (last >= 0 && ownOffsets[last] + ownLengths[last] == hostOffset) {
      ownLengths[last] += lengthBytes;
    } else if (segmentCount == ownOffsets.length) {
      return false;
    } else {
      ownOffsets[segmentCount] = hostOffset;
      ownLengths[segmentCount] = lengthBytes;
      segmentCount++;
    }
    sizeBytes = newSizeBytes;
    return true;
  }

  public BioOp op() {
    return op;
  }

  public boolean isForceUnitAccess() {
    return forceUnitAccess;
  }

  public boolean isNoWait() {
    return noWait;
  }

  /**
   * Whether it may become part of a request that is there, or later ones of its own: not if it must
   * be durable when it ends ({@code REQ_NOMERGE_FLAGS}).
   */
  public boolean mayMerge() {
    return op.movesData() && !forceUnitAccess && !noMerge;
  }

  /** First sector, of 512 bytes whatever the device's logical block is. */
  public long sector() {
    return sector;
  }

  /** Sends this to another place, as a layer does that maps sectors; the data stay the same. */
  public void setSector(long sector) {
    this.sector = sector;
  }

  public long endSector() {
    return sector + (sizeBytes >>> QueueLimits.SECTOR_SHIFT);
  }

  /** Bytes on the device that this bio, or what is left of it, reads, writes or covers. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Whether there are bytes in memory to move ({@code bio_has_data}). */
  public boolean hasData() {
    return sizeBytes > 0 && op.movesData();
  }

  /**
   * Whether all that is left lies in the first segment, and that segment in one page of memory: a
   * bio so small that it is not looked at more closely ({@code bio_may_need_split}, with a {@code
   * max_fast_segment_size} of a page).
   */
  public boolean isInOnePage() {
    return segmentCount > firstSegment
        && sizeBytes <= segmentLengths[firstSegment] - firstSegmentDoneBytes
        && (segmentOffsets[firstSegment] & PAGE_MASK) + segmentLengths[firstSegment]
            <= PAGE_MASK + 1;
  }

  /** The crypto context, empty for plain I/O; the submitter fills it in. */
  public CryptoContext crypt() {
    return crypt;
  }

  /** Final once the bio has ended. */
  public BioStatus status() {
    return status;
  }

  /**
   * When the driver took the request with this bio, or with the last part of it ({@code
   * io_start_time_ns}); what came before is checks and waits, for a tag, a keyslot, room in the
   * driver. {@link #NOT_ISSUED} for a bio that never got there, and for one that a layer or the
   * fallback sent on under other bios.
   */
  public long issuedNs() {
    return issuedNs;
  }

  /** Notes when the driver took the request with this bio; for queues. */
  public void setIssuedNs(long issuedNs) {
    this.issuedNs = issuedNs;
  }

  /**
   * Makes {@code clone} a copy of what is left of this bio: the same segments, but a place in them,
   * a sector and a crypto context of its own, so that what becomes of the clone does not change
   * this one. It ends on its own ({@code bio_alloc_clone}). This bio's segments must stay as they
   * are until then.
   */
  public void cloneInto(Bio clone) {
    clone.resetLike(this);
    clone.sizeBytes = sizeBytes;
    clone.segmentOffsets = segmentOffsets;
    clone.segmentLengths = segmentLengths;
    clone.segmentCount = segmentCount;
    clone.firstSegment = firstSegment;
    clone.firstSegmentDoneBytes = firstSegmentDoneBytes;
    clone.crypt.copyFrom(crypt);
  }

  /**
   * Keeps the first {@code keptBytes} only.
   *
   * @throws IllegalArgumentException if that is negative, or more than is left
   */
  public void trim(int keptBytes) {
    checkWithin(keptBytes);
    sizeBytes = keptBytes;
  }

  /**
   * Leaves the first {@code bytes} behind: the data unit number, the sector and the place in the
   * segments move on. A part of a data unit is lost to the number ({@code bio_advance}).
   *
   * @throws IllegalArgumentException if that is negative, or more than is left
   */
  public void advance(int bytes) {
    checkWithin(bytes);
    crypt.advance(bytes);
    sector += bytes >>> QueueLimits.SECTOR_SHIFT;
    sizeBytes -= bytes;
    int done = firstSegmentDoneBytes + bytes;
    while (firstSegment < segmentCount && done >= segmentLengths[firstSegment]) {
      done -= segmentLengths[firstSegment++];
    }
    firstSegmentDoneBytes = done;
  }

  private void checkWithin(int bytes) {
    if (bytes < 0 || bytes > sizeBytes) {
      throw new IllegalArgumentException(
          "bytes must be from 0 to the " + sizeBytes + " that are left, is " + bytes);
    }
  }

  /**
   * Splits off the first {@code frontBytes} into {@code front}, which shares the segments and keeps
   * the data unit number; this bio moves on to what is left, and does not end before {@code front}
   * ({@code bio_split}, {@code bio_chain}).
   */
  public void splitInto(Bio front, int frontBytes) {
    assert frontBytes > 0 && frontBytes < sizeBytes : frontBytes;
    cloneInto(front);
    front.trim(frontBytes);
    chain(front);
    advance(frontBytes);
  }

  /**
   * Makes this bio wait for {@code child}: its submitter hears of it only after both have ended,
   * with the first error of either ({@code bio_chain}). The child's own {@link BioEnd} is called
   * first, and may use the child again.
   */
  public void chain(Bio child) {
    assert child.parent == null : "already has a parent: " + child;
    child.parent = this;
    unendedParts++;
  }

  /**
   * Ends this bio, or its wait for one of its children; the submitter hears of it when nothing is
   * left to wait for ({@code bio_endio}).
   */
  public void endPart(BioStatus partStatus) {
    assert unendedParts > 0 : "ended twice";
    if (status == BioStatus.OK) {
      status = partStatus;
    }
    if (--unendedParts == 0) {
      BioStatus first = status;
      Bio waiting = parent;
      parent = null;
      end.ended(this);
      if (waiting != null) {
        waiting.endPart(first);
      }
    }
  }

  /** The next bio of a list that a queue keeps. */
  public @Nullable Bio next() {
    return next;
  }

  public void setNext(@Nullable Bio next) {
    this.next = next;
  }

  // What a SegmentCursor walks over.

  int firstSegment() {
    return firstSegment;
  }

  int firstSegmentDoneBytes() {
    return firstSegmentDoneBytes;
  }

  long segmentOffset(int index) {
    return segmentOffsets[index];
  }

  int segmentLength(int index) {
    return segmentLengths[index];
  }

  @Override
  public String toString() {
    return op + " sector " + sector + ", " + sizeBytes + " bytes, " + crypt;
  }
}
