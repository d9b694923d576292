package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.SegmentCursor;
import blockdev.memory.HostMemory;

/**
 * Walks over the memory of what is left of a bio in pieces that each lie in one page ({@code
 * bio_for_each_segment}). Made once and used again and again.
 */
final class PageCursor {
  private static final int PAGE_MASK = HostMemory.PAGE_BYTES - 1;

  private final SegmentCursor segments = new SegmentCursor();
  private int leftInSegment;
  private long hostOffset;
  private int lengthBytes;

  void start(Bio bio) {
    segments.start(bio);
    leftInSegment = 0;
    lengthBytes = 0;
  }

  /** Moves to the next piece; false if there is none. */
  boolean next() {
    hostOffset += lengthBytes;
    if (leftInSegment == 0) {
      if (!segments.next()) {
        return false;
      }
      hostOffset = segments.hostOffset();
      leftInSegment = segments.lengthBytes();
    }
    lengthBytes = Math.min(leftInSegment, HostMemory.PAGE_BYTES - inPageBytes());
    leftInSegment -= lengthBytes;
    return true;
  }

  /** The pieces that {@code bio} has; afterwards the cursor must be started again. */
  int count(Bio bio) {
    int pieces = 0;
    start(bio);
    while (next()) {
      pieces++;
    }
    return pieces;
  }

  /** Offset of the piece in the host memory. */
  long hostOffset() {
    return hostOffset;
  }

  /** Offset of the piece in its page. */
  int inPageBytes() {
    return (int) hostOffset & PAGE_MASK;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  /** Whether the piece starts and ends on a border of data units. */
  boolean isAligned(int dataUnitSizeBytes) {
    return ((inPageBytes() | lengthBytes) & (dataUnitSizeBytes - 1)) == 0;
  }
}
