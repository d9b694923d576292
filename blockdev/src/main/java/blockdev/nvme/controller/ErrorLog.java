package blockdev.nvme.controller;

import blockdev.nvme.LogPage;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The newest commands that ended with an error (NVMe Base 2.1, "Error Information"). Those that
 * were aborted are none. It outlives resets and power cycles.
 */
final class ErrorLog {
  private static final int NO_PARAMETER = 0xFFFF;
  private static final int BYTES = ControllerIdentity.ERROR_LOG_ENTRIES * LogPage.ERROR_ENTRY_BYTES;

  private final MemorySegment ring = MemorySegment.ofArray(new byte[BYTES]);
  private final AtomicLong count = new AtomicLong(); // threads may fail commands at once

  /** How many there were ever. */
  long count() {
    return count.get();
  }

  /**
   * Notes that a command failed.
   *
   * @param lba of the first block with the error, or of the command
   * @param namespace 0 for none
   */
  void add(int queueId, int commandId, int status, long lba, int namespace) {
    if (status == NvmeStatus.ABORT_REQUESTED || status == NvmeStatus.ABORTED_QUEUE_DELETION) {
      return;
    }
    long number = count.incrementAndGet();
    long at = position(number - 1);
    ring.asSlice(at, LogPage.ERROR_ENTRY_BYTES).fill((byte) 0);
    ring.set(SubmissionEntry.LONG, at + LogPage.ERROR_COUNT, number);
    ring.set(SubmissionEntry.SHORT, at + LogPage.ERROR_QUEUE_ID, (short) queueId);
    ring.set(SubmissionEntry.SHORT, at + LogPage.ERROR_COMMAND_ID, (short) commandId);
    ring.set(SubmissionEntry.SHORT, at + LogPage.ERROR_STATUS, (short) (status << 1));
    ring.set(SubmissionEntry.SHORT, at + LogPage.ERROR_PARAMETER, (short) NO_PARAMETER);
    ring.set(SubmissionEntry.LONG, at + LogPage.ERROR_LBA, lba);
    ring.set(SubmissionEntry.INT, at + LogPage.ERROR_NAMESPACE, namespace);
  }

  private static long position(long number) {
    return number % ControllerIdentity.ERROR_LOG_ENTRIES * LogPage.ERROR_ENTRY_BYTES;
  }

  /** The log page: the newest first, zeroes where there is none. */
  MemorySegment page() {
    MemorySegment page = MemorySegment.ofArray(new byte[BYTES]);
    long ever = count();
    long held = Math.min(ever, ControllerIdentity.ERROR_LOG_ENTRIES);
    for (long i = 0; i < held; i++) {
      MemorySegment.copy(
          ring,
          position(ever - 1 - i),
          page,
          i * LogPage.ERROR_ENTRY_BYTES,
          LogPage.ERROR_ENTRY_BYTES);
    }
    return page;
  }
}
