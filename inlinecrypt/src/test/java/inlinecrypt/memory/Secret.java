package inlinecrypt.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Random bytes that two processes know without telling each other, and that never lie together in
 * memory but where they are wanted: they are made one by one.
 *
 * @param number tells secrets apart
 */
public record Secret(int number, int sizeBytes) {
  /** Writes the bytes to the start of {@code target}. */
  public void reveal(MemorySegment target) {
    for (int i = 0; i < sizeBytes; i++) {
      target.set(ValueLayout.JAVA_BYTE, i, byteAt(i));
    }
  }

  /** All of them together, for who looks for them elsewhere. */
  public byte[] bytes() {
    byte[] bytes = new byte[sizeBytes];
    reveal(MemorySegment.ofArray(bytes));
    return bytes;
  }

  /** A byte, from the mixer of SplitMix64. */
  private byte byteAt(int index) {
    long z = (number * 1000L + index + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return (byte) (z >>> 40);
  }
}
