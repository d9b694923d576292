package blockdev.media;

import blockdev.memory.OffHeap;
import java.lang.foreign.MemorySegment;

/** A medium in memory. Ranges that nobody writes take no memory. Nothing survives closing. */
public final class MemoryMedium implements Medium {
  private final OffHeap region;

  /**
   * @param capacityBytes positive
   */
  public MemoryMedium(long capacityBytes) {
    region = new OffHeap(capacityBytes);
  }

  @Override
  public MemorySegment segment() {
    return region.segment();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    region.close();
  }
}
