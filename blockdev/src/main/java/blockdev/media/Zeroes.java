package blockdev.media;

import java.lang.foreign.MemorySegment;

/** Zeroes to compare with. */
final class Zeroes {
  static final MemorySegment SEGMENT =
      MemorySegment.ofArray(new byte[Medium.ZEROING_BYTES]).asReadOnly();

  private Zeroes() {}
}
