package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;

/**
 * A keyed authenticated cipher whose tag stands apart from the ciphertext. Source and target are
 * heap or native segments of equal length, and are either the same bytes (in place) or do not
 * overlap; the other segments lie apart from both. Lengths from 0 to 2^30.
 *
 * <p>Thread-safe as a {@link DataUnitCipher} is, and allocates nothing once as many threads have
 * called as ever will; but for GCM-SIV of {@link JceEngine} and {@link BouncyCastleEngine}, where
 * each message has a key schedule that these make anew.
 */
public interface AeadCipher extends AutoCloseable {
  /**
   * Encrypts {@code source} into {@code target} and writes the 16-byte tag.
   *
   * @param nonce 12 bytes
   * @param associatedData authenticated but not encrypted; may be empty
   * @throws IllegalArgumentException if a length is wrong, segments overlap that must not, or one
   *     to write to is read-only
   * @throws IllegalStateException if the cipher or a segment's arena is closed
   * @throws WrongThreadException if a segment's arena is another thread's
   */
  void seal(
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag);

  /**
   * Decrypts {@code source} into {@code target} if the tag fits. During the call the target may
   * hold bytes that are not authenticated yet: let no other thread read it.
   *
   * @return false if it does not: then the target is all zeros; in place, the ciphertext is lost
   */
  boolean open(
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag);

  /** Wipes the key and frees native memory, after calls under way have ended. */
  @Override
  void close();
}
