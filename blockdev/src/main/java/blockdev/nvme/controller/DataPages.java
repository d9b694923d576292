package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * The pages of host memory that a command's data lies in (NVMe Base 2.1, "PRP Entry and List").
 * Entries that continue each other are joined into runs.
 */
final class DataPages {
  private final MemorySegment memory;
  private final long[] offsets;
  private final int[] lengths;
  private int runs;
  private int run; // the place in the data: a run, and how much of it lies behind
  private int done;

  DataPages(MemorySegment memory, int maxTransferBytes) {
    this.memory = memory;
    int mostRuns = maxTransferBytes / HostMemory.PAGE_BYTES + 1;
    offsets = new long[mostRuns];
    lengths = new int[mostRuns];
  }

  void clear() {
    runs = 0;
    rewind();
  }

  /** Goes to the first byte, for those who move the data piece by piece. */
  void rewind() {
    run = 0;
    done = 0;
  }

  /** Copies the next bytes of the host to {@code target}. */
  void take(MemorySegment target, long offset, int length) {
    int moved = 0;
    while (moved < length) {
      int piece = Math.min(length - moved, lengths[run] - done);
      MemorySegment.copy(memory, offsets[run] + done, target, offset + moved, piece);
      moved += piece;
      advance(piece);
    }
  }

  /** Copies {@code source} to the next bytes of the host. */
  void give(MemorySegment source, long offset, int length) {
    int moved = 0;
    while (moved < length) {
      int piece = Math.min(length - moved, lengths[run] - done);
      MemorySegment.copy(source, offset + moved, memory, offsets[run] + done, piece);
      moved += piece;
      advance(piece);
    }
  }

  /** Whether the next bytes of the host are those of {@code other}; goes past them. */
  boolean match(MemorySegment other, long offset, int length) {
    boolean equal = true;
    int compared = 0;
    while (compared < length) {
      int piece = Math.min(length - compared, lengths[run] - done);
      long mine = offsets[run] + done;
      long theirs = offset + compared;
      equal &=
          MemorySegment.mismatch(memory, mine, mine + piece, other, theirs, theirs + piece) < 0;
      compared += piece;
      advance(piece);
    }
    return equal;
  }

  /** Goes past the next bytes. */
  void skip(int length) {
    int left = length;
    while (left > 0) {
      int piece = Math.min(left, lengths[run] - done);
      left -= piece;
      advance(piece);
    }
  }

  /** Zeroes {@code length} bytes from the {@code offset}th byte of the data on. */
  void zero(int offset, int length) {
    int start = 0;
    int end = offset + length;
    for (int each = 0; each < runs && start < end; each++) {
      int from = Math.max(offset, start);
      int to = Math.min(end, start + lengths[each]);
      if (from < to) {
        memory.asSlice(offsets[each] + from - start, to - from).fill((byte) 0);
      }
      start += lengths[each];
    }
  }

  private void advance(int bytes) {
    done += bytes;
    if (done == lengths[run]) {
      done = 0;
      run++;
    }
  }

  int runs() {
    return runs;
  }

  /** Where a run starts in host memory. */
  long offset(int run) {
    return offsets[run];
  }

  int length(int run) {
    return lengths[run];
  }

  /** Follows the PRP entries of the command at {@code at} that moves {@code bytes}. */
  int gather(long at, int bytes) {
    long prp1 = SubmissionEntry.prp1(memory, at);
    long prp2 = SubmissionEntry.prp2(memory, at);
    clear();
    if ((prp1 & 3) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    int inFirstPage = HostMemory.PAGE_BYTES - (int) (prp1 & (HostMemory.PAGE_BYTES - 1));
    int length = Math.min(bytes, inFirstPage);
    int result = addRun(prp1, length);
    int left = bytes - length;
    if (result != NvmeStatus.SUCCESS || left == 0) {
      return result;
    }
    return left <= HostMemory.PAGE_BYTES ? addPage(prp2, left) : followList(prp2, left);
  }

  private int followList(long start, int bytes) {
    long list = start;
    int left = bytes;
    while (left > 0) {
      if ((list & 7) != 0) {
        return NvmeStatus.PRP_OFFSET_INVALID;
      }
      if (!contains(memory, list, Long.BYTES)) {
        return NvmeStatus.DATA_TRANSFER_ERROR;
      }
      long entry = memory.get(SubmissionEntry.LONG, list);
      boolean lastOfListPage = (list & (HostMemory.PAGE_BYTES - 1)) == HostMemory.PAGE_BYTES - 8;
      if (lastOfListPage && left > HostMemory.PAGE_BYTES) {
        if ((entry & (HostMemory.PAGE_BYTES - 1)) != 0) {
          return NvmeStatus.PRP_OFFSET_INVALID;
        }
        list = entry;
        continue;
      }
      int length = Math.min(left, HostMemory.PAGE_BYTES);
      int result = addPage(entry, length);
      if (result != NvmeStatus.SUCCESS) {
        return result;
      }
      list += Long.BYTES;
      left -= length;
    }
    return NvmeStatus.SUCCESS;
  }

  private int addPage(long offset, int length) {
    return (offset & (HostMemory.PAGE_BYTES - 1)) == 0
        ? addRun(offset, length)
        : NvmeStatus.PRP_OFFSET_INVALID;
  }

  private int addRun(long offset, int length) {
    if (!contains(memory, offset, length)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    int last = runs - 1;
    if (last >= 0 && offsets[last] + lengths[last] == offset) {
      lengths[last] += length;
    } else {
      offsets[runs] = offset;
      lengths[runs] = length;
      runs++;
    }
    return NvmeStatus.SUCCESS;
  }

  /** Whether {@code length} bytes at {@code offset} lie in {@code memory}. */
  static boolean contains(MemorySegment memory, long offset, long length) {
    return offset >= 0 && offset <= memory.byteSize() - length;
  }
}
