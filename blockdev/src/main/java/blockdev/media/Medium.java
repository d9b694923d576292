package blockdev.media;

import java.lang.foreign.MemorySegment;

/**
 * A range of bytes that outlives commands. What was never written reads as zeroes.
 *
 * <p>Threads may read and write disjoint ranges at the same time. The segment must not be used
 * after {@link #close}.
 */
public interface Medium extends AutoCloseable {
  /** All bytes; its size is the medium's capacity and never changes. */
  MemorySegment segment();

  /** Makes what was written so far durable, as far as this medium can. */
  void flush();

  @Override
  void close();
}
