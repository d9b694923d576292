package blockdev.bio;

/**
 * Walks over the memory segments of what is left of a bio. Made once and used again and again.
 *
 * <pre>
 * cursor.start(bio);
 * while (cursor.next()) { … cursor.hostOffset(), cursor.lengthBytes() … }
 * </pre>
 */
public final class SegmentCursor {
  private Bio bio = new Bio(0, ended -> {});
  private int index;
  private int skipBytes;
  private int leftBytes;
  private long hostOffset;
  private int offsetInVector;
  private int lengthBytes;

  public void start(Bio bio) {
    this.bio = bio;
    index = bio.firstSegment();
    skipBytes = bio.firstSegmentDoneBytes();
    leftBytes = bio.hasData() ? bio.sizeBytes() : 0;
  }

  /** Moves to the next segment; false if there is none. */
  public boolean next() {
    if (leftBytes == 0) {
      return false;
    }
    hostOffset = bio.segmentOffset(index) + skipBytes;
    offsetInVector = skipBytes;
    lengthBytes = Math.min(bio.segmentLength(index) - skipBytes, leftBytes);
    skipBytes = 0;
    leftBytes -= lengthBytes;
    index++;
    return true;
  }

  /** Offset of the segment in the host memory. */
  public long hostOffset() {
    return hostOffset;
  }

  /**
   * The same, counted from the start of the page in which the bio's segment, with what of it the
   * bio has left behind, starts ({@code bv_offset}).
   */
  public long vectorOffset() {
    return ((hostOffset - offsetInVector) & (QueueLimits.VIRT_BOUNDARY_BYTES - 1)) + offsetInVector;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  public long endOffset() {
    return hostOffset + lengthBytes;
  }
}
