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
 * that a part can be split off its front without changing them.
 */
public final class Bio {
  /** The most segments a bio can have ({@code BIO_MAX_VECS}). */
  public static final int MAX_SEGMENTS = 256;

  private final long[] ownOffsets;
  private final int[] ownLengths;
  private final CryptoContext crypt = new CryptoContext();
  private final BioEnd end;

  private BioOp op = BioOp.READ;
  private boolean forceUnitAccess;
  private long sector;
  private int sizeBytes;
  private long[] segmentOffsets; // those of the bio this one was split from, or its own
  private int[] segmentLengths;
  private int segmentCount;
  private int firstSegment;
  private int firstSegmentDoneBytes;

  private BioStatus status = BioStatus.OK;
  private int unendedParts;
  private @Nullable Bio next;
  private @Nullable Bio splitFrom;

  /**
   * @param maxSegments the most segments it will be given, up to {@link #MAX_SEGMENTS}; 0 for a bio
   *     that only holds parts of others
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
    sizeBytes = 0;
    segmentOffsets = ownOffsets;
    segmentLengths = ownLengths;
    segmentCount = 0;
    firstSegment = 0;
    firstSegmentDoneBytes = 0;
    crypt.clear();
    status = BioStatus.OK;
    unendedParts = 1;
    next = null;
    splitFrom = null;
    return this;
  }

  /** Asks that the data be durable when the write ends (FUA). */
  public Bio forceUnitAccess() {
    forceUnitAccess = true;
    return this;
  }

  /**
   * Adds memory; what continues the last segment becomes part of it.
   *
   * @param hostOffset offset in the host memory
   * @return false, with nothing added, if the bio has no room for another segment
   */
  public boolean addSegment(long hostOffset, int lengthBytes) {
    if (lengthBytes <= 0) {
      throw new IllegalArgumentException("lengthBytes must be positive, is " + lengthBytes);
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

  /** First sector, of 512 bytes whatever the device's logical block is. */
  public long sector() {
    return sector;
  }

  public long endSector() {
    return sector + (sizeBytes >>> QueueLimits.SECTOR_SHIFT);
  }

  /** Bytes that this bio, or what is left of it after splitting, moves. */
  public int sizeBytes() {
    return sizeBytes;
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
   * Splits off the first {@code frontBytes} into {@code front}, which shares the segments and keeps
   * the data unit number; this bio moves on to what is left. It ends after both have ended, with
   * the first error of either ({@code bio_split}, {@code bio_chain}).
   */
  public void splitInto(Bio front, int frontBytes) {
    assert frontBytes > 0 && frontBytes < sizeBytes : frontBytes;
    front.reset(op, sector);
    front.forceUnitAccess = forceUnitAccess;
    front.sizeBytes = frontBytes;
    front.segmentOffsets = segmentOffsets;
    front.segmentLengths = segmentLengths;
    front.segmentCount = segmentCount;
    front.firstSegment = firstSegment;
    front.firstSegmentDoneBytes = firstSegmentDoneBytes;
    front.crypt.copyFrom(crypt);
    front.splitFrom = this;
    unendedParts++;
    advance(frontBytes);
  }

  private void advance(int bytes) {
    crypt.advance(bytes);
    sector += bytes >>> QueueLimits.SECTOR_SHIFT;
    sizeBytes -= bytes;
    int done = firstSegmentDoneBytes + bytes;
    while (firstSegment < segmentCount && done >= segmentLengths[firstSegment]) {
      done -= segmentLengths[firstSegment++];
    }
    firstSegmentDoneBytes = done;
  }

  /** The bio this one is the front part of, or null. */
  public @Nullable Bio splitFrom() {
    return splitFrom;
  }

  /** Ends this bio, or one part of it; the submitter hears of it when all parts have ended. */
  public void endPart(BioStatus partStatus) {
    assert unendedParts > 0 : "ended twice";
    if (status == BioStatus.OK) {
      status = partStatus;
    }
    if (--unendedParts == 0) {
      end.ended(this);
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
