package inlinecrypt.mode;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Working bytes on the heap, with the segment over them made once. Not thread-safe. */
public final class Scratch {
  private byte[] bytes;
  private MemorySegment segment;

  public Scratch(int sizeBytes) {
    bytes = new byte[sizeBytes];
    segment = MemorySegment.ofArray(bytes);
  }

  /** Grows to at least {@code sizeBytes}; the content is wiped then, not kept. */
  public void require(int sizeBytes) {
    if (bytes.length < sizeBytes) {
      wipe();
      bytes = new byte[sizeBytes];
      segment = MemorySegment.ofArray(bytes);
    }
  }

  public byte[] bytes() {
    return bytes;
  }

  public MemorySegment segment() {
    return segment;
  }

  public void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
