package blockdev.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A source range of Copy, as the command's data list them. Formats 0h and 2h have 32 bytes:
 *
 * <pre>
 *  0 namespace (4), 2h only | 8 first LBA (8) | 16 blocks, zero-based (2) | 18 CETYPE in bits 3:0
 * 20 CEV (2) | 22 options (2) | 24 reference tag (4, big-endian) | 28 application tag (2) | 30 its mask (2)
 * </pre>
 *
 * <p>Formats 1h and 3h have 40: a reference tag in the last 4 of the bytes 26 to 35, an application
 * tag at 36, its mask at 38.
 *
 * <p>The inline-crypto extension puts limb 0 of the data unit number in bytes 0 to 7, and limb 1,
 * where blocks have no metadata, in 24 to 31. So it needs format 0h or 1h.
 */
public final class CopyRange {
  private static final ValueLayout.OfInt BIG_ENDIAN_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int NAMESPACE = 0;
  private static final int LBA = 8;
  private static final int BLOCKS = 16;
  private static final int CETYPE = 18;
  private static final int CEV = 20;
  private static final int TAGS = 24;
  private static final int LONG_TAGS = 32;

  private CopyRange() {}

  /** Bytes of a range in that format, 0 to 3. */
  public static int bytes(int format) {
    return isLong(format) ? 40 : 32;
  }

  /** Whether ranges of that format name a namespace. */
  public static boolean namesNamespace(int format) {
    return format >= 2;
  }

  private static boolean isLong(int format) {
    return (format & 1) != 0;
  }

  private static long tags(int format, long at) {
    return at + (isLong(format) ? LONG_TAGS : TAGS);
  }

  public static int namespace(MemorySegment data, long at) {
    return data.get(SubmissionEntry.INT, at + NAMESPACE);
  }

  public static long lba(MemorySegment data, long at) {
    return data.get(SubmissionEntry.LONG, at + LBA);
  }

  /** From 1 to 65536. */
  public static int blocks(MemorySegment data, long at) {
    return (data.get(SubmissionEntry.SHORT, at + BLOCKS) & 0xFFFF) + 1;
  }

  public static int commandExtensionType(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at + CETYPE) & 0xF;
  }

  public static int commandExtensionValue(MemorySegment data, long at) {
    return data.get(SubmissionEntry.SHORT, at + CEV) & 0xFFFF;
  }

  public static long dun0(MemorySegment data, long at) {
    return data.get(SubmissionEntry.LONG, at + NAMESPACE);
  }

  public static long dun1(MemorySegment data, long at) {
    return data.get(SubmissionEntry.LONG, at + TAGS);
  }

  public static int reference(int format, MemorySegment data, long at) {
    return data.get(BIG_ENDIAN_INT, tags(format, at));
  }

  public static int applicationTag(int format, MemorySegment data, long at) {
    return data.get(SubmissionEntry.SHORT, tags(format, at) + 4) & 0xFFFF;
  }

  public static int applicationTagMask(int format, MemorySegment data, long at) {
    return data.get(SubmissionEntry.SHORT, tags(format, at) + 6) & 0xFFFF;
  }
}
