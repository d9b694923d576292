package blockdev.nvme;

import java.lang.foreign.MemorySegment;

/**
 * A completion queue entry, 16 bytes little-endian:
 *
 * <pre>
 * 0 command specific (4) | 4 reserved | 8 SQ head (2) | 10 SQ id (2) | 12 command id (2)
 * 14 bit 0 phase, bits 15:1 status
 * </pre>
 *
 * <p>Static accessors over a ring: {@code at} is the entry's first byte.
 */
public final class CompletionEntry {
  public static final int BYTES = 16;

  private static final int SQ_HEAD = 8;
  private static final int SQ_ID = 10;
  private static final int COMMAND_ID = 12;
  private static final int STATUS = 14;

  private CompletionEntry() {}

  /**
   * Writes an entry, the dword with the phase tag last.
   *
   * @param result dword 0, whose meaning is the command's
   * @param status of {@link NvmeStatus}; DNR is set where a retry is not worth while
   */
  public static void put(
      MemorySegment ring,
      long at,
      int result,
      int sqHead,
      int sqId,
      int commandId,
      int status,
      int phase) {
    ring.set(SubmissionEntry.LONG, at, result & 0xFFFF_FFFFL);
    ring.set(SubmissionEntry.SHORT, at + SQ_HEAD, (short) sqHead);
    ring.set(SubmissionEntry.SHORT, at + SQ_ID, (short) sqId);
    int field =
        status == NvmeStatus.SUCCESS || NvmeStatus.isWorthRetrying(status)
            ? status
            : status | NvmeStatus.DO_NOT_RETRY;
    ring.set(SubmissionEntry.INT, at + COMMAND_ID, commandId | (field << 1 | phase) << 16);
  }

  /** Dword 0, whose meaning is the command's. */
  public static int result(MemorySegment ring, long at) {
    return ring.get(SubmissionEntry.INT, at);
  }

  /** The phase tag, 0 or 1: an entry is new if it is that of the ring's current pass. */
  public static int phase(MemorySegment ring, long at) {
    return ring.get(SubmissionEntry.SHORT, at + STATUS) & 1;
  }

  public static int commandId(MemorySegment ring, long at) {
    return ring.get(SubmissionEntry.SHORT, at + COMMAND_ID) & 0xFFFF;
  }

  /** Type and code of the status field, as {@link NvmeStatus} has them. */
  public static int status(MemorySegment ring, long at) {
    return ring.get(SubmissionEntry.SHORT, at + STATUS) >>> 1 & NvmeStatus.VALUE_MASK;
  }

  /** Whether the device says that the command would fail again. */
  public static boolean isDoNotRetry(MemorySegment ring, long at) {
    return (ring.get(SubmissionEntry.SHORT, at + STATUS) >>> 1 & NvmeStatus.DO_NOT_RETRY) != 0;
  }
}
