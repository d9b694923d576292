package blockdev.media;

import java.lang.foreign.MemorySegment;

/** A medium of a capacity and without bytes, for runs in which only times and counts matter. */
public record NullMedium(long capacityBytes) implements Medium {
  public NullMedium {
    if (capacityBytes < 1) {
      throw new IllegalArgumentException("capacityBytes must be positive, is " + capacityBytes);
    }
  }

  @Override
  public boolean carriesBytes() {
    return false;
  }

  @Override
  public MemorySegment segment() {
    throw new UnsupportedOperationException("a null medium has no bytes");
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
