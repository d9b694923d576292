package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.SegmentCursor;

/** Where a bio's memory starts and ends, and in how many segments: what merging asks. */
final class BioShape {
  private final SegmentCursor cursor = new SegmentCursor();
  private int segmentCount;
  private long startOffset;
  private long endOffset;

  void measure(Bio bio) {
    segmentCount = 0;
    cursor.start(bio);
    while (cursor.next()) {
      if (segmentCount++ == 0) {
        startOffset = cursor.hostOffset();
      }
      endOffset = cursor.endOffset();
    }
  }

  int segmentCount() {
    return segmentCount;
  }

  long startOffset() {
    return startOffset;
  }

  long endOffset() {
    return endOffset;
  }
}
