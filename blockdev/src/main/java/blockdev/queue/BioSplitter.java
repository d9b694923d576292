package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import inlinecrypt.CryptoKey;

/**
 * Finds how much of a bio fits in one request, and whether its memory is aligned for its data
 * units.
 *
 * <p>As in Linux ({@code bio_split_io_at}), the split point is rounded down to the logical block
 * and not to the data unit, and a bio in one page of memory is never looked at more closely. What
 * is looked at is memory; the sector is never compared with the data unit. A range without data is
 * cut to what the device takes at a time.
 */
final class BioSplitter {
  /** {@link #frontBytes} of a bio whose segments are not aligned. */
  static final int MISALIGNED = -1;

  private final QueueLimits limits;
  private final SegmentCursor cursor = new SegmentCursor();

  BioSplitter(QueueLimits limits) {
    this.limits = limits;
  }

  /** Bytes of {@code bio} that go into its first request: all, fewer, or {@link #MISALIGNED}. */
  int frontBytes(Bio bio) {
    if (bio.op().hasRangeOnly()) {
      return rangeBytes(bio);
    }
    if (!bio.hasData() || bio.isInOnePage()) {
      return bio.sizeBytes();
    }
    CryptoKey key = bio.crypt().key();
    int unitMask = key == null ? 0 : key.config().dataUnitSizeBytes() - 1;
    int startMask = unitMask | (limits.dmaAlignmentBytes() - 1);
    cursor.start(bio);
    int bytes = 0;
    int segments = 0;
    long previousEnd = 0;
    while (cursor.next()) {
      if ((cursor.vectorOffset() & startMask) != 0 || (cursor.lengthBytes() & unitMask) != 0) {
        return MISALIGNED;
      }
      if (segments > 0
          && (segments == limits.maxSegments()
              || QueueLimits.hasGap(previousEnd, cursor.hostOffset()))) {
        return roundDown(bytes);
      }
      if (bytes + cursor.lengthBytes() > limits.maxBytes()) {
        return roundDown(limits.maxBytes());
      }
      bytes += cursor.lengthBytes();
      segments++;
      previousEnd = cursor.endOffset();
    }
    return bytes;
  }

  /** {@code bio_split_discard}, {@code bio_split_write_zeroes}. */
  private int rangeBytes(Bio bio) {
    long most = (long) limits.maxRangeSectors(bio.op()) << QueueLimits.SECTOR_SHIFT;
    return (int) Math.min(bio.sizeBytes(), most);
  }

  /** Rounds a split point; where less than a block fits, no request can be made. */
  private int roundDown(int bytes) {
    int whole = bytes & -limits.logicalBlockBytes();
    return whole == 0 ? MISALIGNED : whole;
  }
}
