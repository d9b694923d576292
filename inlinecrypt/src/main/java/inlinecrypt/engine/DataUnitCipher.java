package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;

/**
 * A keyed cipher: encrypts and decrypts runs of whole data units.
 *
 * <p>One call transforms {@code lengthBytes} bytes, a multiple of the data unit size, whose first
 * unit has the number {@code dun0…dun3} (limb 0 least significant); each further unit's number is
 * one more, the carry running from limb to limb. Source and target are heap or native segments, and
 * are either the same bytes (in place) or do not overlap.
 *
 * <p>Thread-safe: threads that call at the same time each get a context of their own from a small
 * free list. Nothing allocates once that many threads have called. Nothing is written if an
 * argument is refused.
 *
 * @see CipherEngine#prepare
 */
public interface DataUnitCipher extends AutoCloseable {
  /**
   * Encrypts.
   *
   * @throws IllegalArgumentException if the data unit size does not suit the mode, the length is no
   *     multiple of it, source and target overlap partly, or the target is read-only
   * @throws IndexOutOfBoundsException if a range leaves its segment
   * @throws IllegalStateException if the cipher or a segment's arena is closed
   * @throws WrongThreadException if a segment's arena is another thread's
   */
  void encrypt(
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes);

  /** Decrypts; everything else is as in {@link #encrypt}. */
  void decrypt(
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes);

  /** Wipes the key and frees native memory, after calls under way have ended. */
  @Override
  void close();
}
