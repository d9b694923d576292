package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What every keyed cipher checks about the memory it is given, allocating nothing. */
final class Segments {
  private Segments() {}

  /**
   * Does nothing if this thread may read the byte at {@code offsetBytes}.
   *
   * @throws IllegalStateException if the arena is closed
   * @throws WrongThreadException if it is another thread's
   */
  static void checkAccess(MemorySegment segment, long offsetBytes) {
    // A read is the one way to have the JDK check both the arena and the thread.
    byte _ = segment.get(ValueLayout.JAVA_BYTE, offsetBytes);
  }

  /** Refuses a read-only {@code segment}; {@code role} is what the message calls it. */
  static void checkWritable(MemorySegment segment, String role) {
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException("the " + role + " is a read-only segment");
    }
  }

  /** Refuses ranges that share some bytes, but not the very same range. */
  static void checkNoPartialOverlap(
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    if (source.isNative() != target.isNative()) {
      return;
    }
    // An address on the heap is a place in some array, so first this is about numbers only.
    long distance = source.address() + sourceOffsetBytes - (target.address() + targetOffsetBytes);
    if (distance == 0 || distance >= lengthBytes || distance <= -lengthBytes) {
      return;
    }
    if (source.asOverlappingSlice(target).isPresent()) {
      throw new IllegalArgumentException(
          "source and target overlap partly: the target starts "
              + -distance
              + " bytes after the source, length "
              + lengthBytes);
    }
  }

  /** Refuses two whole segments that share bytes; the roles are what the message calls them. */
  static void checkApart(MemorySegment one, String role, MemorySegment other, String otherRole) {
    long distance = one.address() - other.address();
    if (one.isNative() != other.isNative()
        || distance >= other.byteSize()
        || distance <= -one.byteSize()) {
      return;
    }
    if (one.asOverlappingSlice(other).isPresent()) {
      throw new IllegalArgumentException("the " + role + " overlaps the " + otherRole);
    }
  }
}
