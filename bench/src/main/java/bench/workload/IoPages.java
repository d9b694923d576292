package bench.workload;

import blockdev.bio.Bio;
import blockdev.memory.HostMemory;

/** The memory of one I/O at a time, in runs that follow each other or do not. */
final class IoPages {
  private final HostMemory memory;
  private final int sizeBytes;
  private final long[] runs;

  /**
   * @throws IllegalStateException if there is no memory left
   */
  IoPages(HostMemory memory, int sizeBytes) {
    this.memory = memory;
    this.sizeBytes = sizeBytes;
    runs = new long[Math.ceilDiv(sizeBytes, HostMemory.MAX_RUN_BYTES)];
    for (int run = 0; run < runs.length; run++) {
      runs[run] = memory.allocate(runBytes(run));
      if (runs[run] == HostMemory.NONE) {
        throw new IllegalStateException("host memory has no room for the pages of the I/Os");
      }
    }
  }

  private int runBytes(int run) {
    return Math.min(HostMemory.MAX_RUN_BYTES, sizeBytes - run * HostMemory.MAX_RUN_BYTES);
  }

  /** As many segments as {@link #addTo} may add. */
  int segments() {
    return runs.length;
  }

  /** Adds the first {@code bytes} to {@code bio}. */
  void addTo(Bio bio, int bytes) {
    int left = bytes;
    for (int run = 0; left > 0; run++) {
      int length = Math.min(left, HostMemory.MAX_RUN_BYTES);
      bio.addSegment(runs[run], length);
      left -= length;
    }
  }

  /** Where byte {@code index} is in the host memory. */
  long offsetOf(int index) {
    return runs[index / HostMemory.MAX_RUN_BYTES] + index % HostMemory.MAX_RUN_BYTES;
  }

  void free() {
    for (int run = 0; run < runs.length; run++) {
      memory.free(runs[run], runBytes(run));
    }
  }
}
