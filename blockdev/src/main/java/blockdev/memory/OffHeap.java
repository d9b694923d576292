package blockdev.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A zeroed region outside the heap that takes memory page by page as it is touched, unlike {@link
 * Arena#allocate}, which touches all of it at once.
 *
 * <p>Closing frees it; its segment can then no longer be used.
 */
public final class OffHeap implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("calloc"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("free"),
          FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
  private static final long ALIGNMENT_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  /**
   * Takes {@code sizeBytes} of zeroes, aligned to 4096.
   *
   * @throws OutOfMemoryError if the C library has no such region
   */
  public OffHeap(long sizeBytes) {
    if (sizeBytes <= 0) {
      throw new IllegalArgumentException("sizeBytes must be positive, is " + sizeBytes);
    }
    MemorySegment block = calloc(sizeBytes + ALIGNMENT_BYTES);
    if (block.address() == 0) {
      arena.close();
      throw new OutOfMemoryError("no region of " + sizeBytes + " bytes outside the heap");
    }
    long skip = -block.address() & (ALIGNMENT_BYTES - 1);
    segment =
        MemorySegment.ofAddress(block.address() + skip)
            .reinterpret(sizeBytes, arena, whole -> free(block));
  }

  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    arena.close();
  }

  private static MemorySegment calloc(long sizeBytes) {
    try {
      return (MemorySegment) CALLOC.invokeExact(1L, sizeBytes);
    } catch (Throwable e) {
      throw new AssertionError("calloc does not throw", e);
    }
  }

  private static void free(MemorySegment block) {
    try {
      FREE.invokeExact(block);
    } catch (Throwable e) {
      throw new AssertionError("free does not throw", e);
    }
  }
}
