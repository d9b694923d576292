package bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Native memory for runs, which the garbage collector frees. */
final class RunMemory {
  private static final long SEED = 1;
  private static final int ALIGNMENT_BYTES = 4096;

  private RunMemory() {}

  static MemorySegment allocate(int sizeBytes) {
    return Arena.ofAuto().allocate(sizeBytes, ALIGNMENT_BYTES);
  }

  /** The same bytes for each run. */
  static MemorySegment random(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(SEED).nextBytes(bytes);
    MemorySegment memory = allocate(sizeBytes);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, sizeBytes);
    return memory;
  }
}
