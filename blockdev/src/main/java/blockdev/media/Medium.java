package blockdev.media;

import java.lang.foreign.MemorySegment;

/**
 * A range of bytes that outlives commands. What was never written reads as zeroes.
 *
 * <p>Whoever changes bytes announces it with {@link #beforeWrite}, and asks with {@link #persist}
 * or {@link #flush} that they last: a medium that models a volatile cache needs to know both.
 * Threads may read and write disjoint ranges at the same time. The segment must not be used after
 * {@link #close}.
 */
public interface Medium extends AutoCloseable {
  /** Bytes that {@link #zero} looks at, and then may have to touch, at a time. */
  int ZEROING_BYTES = 65536;

  /** Bytes; never changes. */
  default long capacityBytes() {
    return segment().byteSize();
  }

  /**
   * Whether there are bytes at all. Without, {@link #segment} must not be called, and only times
   * and counts make sense.
   */
  default boolean carriesBytes() {
    return true;
  }

  /** All bytes. */
  MemorySegment segment();

  /**
   * Says how blocks lie on a part of this medium from now on: the data of all one after the other,
   * and behind those their metadata, likewise. A block's data and metadata outlive a loss of power
   * together or not at all. What was written there before is durable.
   */
  default void arrange(long offsetBytes, long blocks, int blockBytes, int metadataBytes) {}

  /**
   * Says that bytes of this range are about to change. For blocks that are arranged it is enough to
   * name their data.
   */
  default void beforeWrite(long offsetBytes, long lengthBytes) {}

  /**
   * Makes a range read as zeroes. What does so already is not touched, so that it goes on to take
   * no memory. The caller announces it as any change.
   */
  default void zero(long offsetBytes, long lengthBytes) {
    if (!carriesBytes()) {
      return;
    }
    MemorySegment bytes = segment();
    long end = offsetBytes + lengthBytes;
    long next;
    for (long at = offsetBytes; at < end; at = next) {
      next = Math.min(end, (at | (ZEROING_BYTES - 1)) + 1);
      if (MemorySegment.mismatch(bytes, at, next, Zeroes.SEGMENT, 0, next - at) >= 0) {
        bytes.asSlice(at, next - at).fill((byte) 0);
      }
    }
  }

  /**
   * Makes what was written to this range so far durable, as far as this medium can. For blocks that
   * are arranged it is enough to name their data.
   */
  default void persist(long offsetBytes, long lengthBytes) {}

  /** Makes what was written so far durable, as far as this medium can. */
  void flush();

  /** What has been written by now, for {@link #flush(long)}. */
  default long flushPoint() {
    return 0;
  }

  /** As {@link #flush()}, but what was written after {@code point} need not become durable. */
  default void flush(long point) {
    flush();
  }

  @Override
  void close();
}
