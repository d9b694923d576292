package blockdev.nvme.driver;

import blockdev.memory.HostMemory;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * The two rings of a queue pair in host memory, from the host's side: where the next submission
 * entry goes, and which completion entry is new. A completion is new if its phase tag is that of
 * the current pass.
 *
 * <p>Each ring has one entry more than there are commands under way, so the submission ring is
 * never full.
 */
final class Rings {
  private final MemorySegment memory;
  private final int entries;
  private final long submissionOffset;
  private final long completionOffset;
  private int submissionTail;
  private int completionHead;
  private int phase = 1;

  Rings(HostMemory memory, int depth) {
    this.memory = memory.segment();
    entries = depth + 1;
    submissionOffset = allocate(memory, entries * SubmissionEntry.BYTES);
    completionOffset = allocate(memory, entries * CompletionEntry.BYTES);
  }

  /** A zeroed run of host memory that is kept for good. */
  static long allocate(HostMemory memory, int bytes) {
    long offset = memory.allocate(bytes);
    if (offset == HostMemory.NONE) {
      throw new IllegalArgumentException(
          "host memory of " + memory.capacityBytes() + " bytes has no room for the driver's rings");
    }
    memory.segment().asSlice(offset, bytes).fill((byte) 0);
    return offset;
  }

  /** As at first: both rings are empty, and no entry looks new. */
  void reset() {
    memory.asSlice(completionOffset, (long) entries * CompletionEntry.BYTES).fill((byte) 0);
    submissionTail = 0;
    completionHead = 0;
    phase = 1;
  }

  int entries() {
    return entries;
  }

  long submissionOffset() {
    return submissionOffset;
  }

  long completionOffset() {
    return completionOffset;
  }

  /** Offset in host memory of the entry to write next. */
  long submissionEntry() {
    return submissionOffset + (long) submissionTail * SubmissionEntry.BYTES;
  }

  /** Counts the entry as written; returns the tail for the doorbell. */
  int advanceSubmission() {
    if (++submissionTail == entries) {
      submissionTail = 0;
    }
    return submissionTail;
  }

  /** Takes the next new completion entry: its offset in host memory, or −1 if there is none. */
  long nextCompletion() {
    long at = completionOffset + (long) completionHead * CompletionEntry.BYTES;
    if (CompletionEntry.phase(memory, at) != phase) {
      return -1;
    }
    if (++completionHead == entries) {
      completionHead = 0;
      phase ^= 1;
    }
    return at;
  }

  int completionHead() {
    return completionHead;
  }
}
