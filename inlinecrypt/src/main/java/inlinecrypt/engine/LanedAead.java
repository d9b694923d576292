package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import java.lang.foreign.MemorySegment;

/**
 * What all keyed authenticated ciphers share: checks of the arguments, lanes, and that a message
 * whose tag does not fit leaves only zeros. Subclasses hold the transform.
 *
 * @param <L> the lane
 */
abstract class LanedAead<L> extends Laned<L> implements AeadCipher {
  private static final long MAX_BYTES = 1 << 30; // far below what each mode allows

  /** Encrypts, with arguments that are checked. */
  abstract void sealMessage(
      L lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag);

  /**
   * Decrypts, with arguments that are checked; false if the tag does not fit. What it has then
   * written to the target is wiped by the caller.
   */
  abstract boolean openMessage(
      L lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag);

  @Override
  public final void seal(
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    check(nonce, associatedData, source, target, tag);
    Segments.checkWritable(tag, "tag");
    int index = claim();
    try {
      sealMessage(lane(index), nonce, associatedData, source, target, tag);
    } finally {
      release(index);
    }
  }

  @Override
  public final boolean open(
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    check(nonce, associatedData, source, target, tag);
    int index = claim();
    boolean authentic = false;
    try {
      authentic = openMessage(lane(index), nonce, associatedData, source, target, tag);
    } finally {
      try {
        if (!authentic) {
          target.fill((byte) 0); // throws if the target's arena was closed meanwhile
        }
      } finally {
        release(index);
      }
    }
    return authentic;
  }

  private static void check(
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    checkSize(nonce, AeadMode.NONCE_BYTES, "nonce");
    checkSize(tag, AeadMode.TAG_BYTES, "tag");
    checkLimit(source, "source");
    checkLimit(associatedData, "associated data");
    if (target.byteSize() != source.byteSize()) {
      throw new IllegalArgumentException(
          "source and target must have one length, have "
              + source.byteSize()
              + " and "
              + target.byteSize()
              + " bytes");
    }
    Segments.checkWritable(target, "target");
    Segments.checkAccess(nonce, 0);
    Segments.checkAccess(tag, 0);
    if (associatedData.byteSize() > 0) {
      Segments.checkAccess(associatedData, 0);
    }
    if (source.byteSize() > 0) {
      Segments.checkAccess(source, 0);
      Segments.checkAccess(target, 0);
      Segments.checkNoPartialOverlap(source, 0, target, 0, source.byteSize());
      Segments.checkApart(nonce, "nonce", target, "target");
      Segments.checkApart(associatedData, "associated data", target, "target");
      Segments.checkApart(tag, "tag", target, "target");
      Segments.checkApart(tag, "tag", source, "source");
    }
  }

  private static void checkSize(MemorySegment segment, int sizeBytes, String role) {
    if (segment.byteSize() != sizeBytes) {
      throw new IllegalArgumentException(
          "the " + role + " must have " + sizeBytes + " bytes, has " + segment.byteSize());
    }
  }

  private static void checkLimit(MemorySegment segment, String role) {
    if (segment.byteSize() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the " + role + " may have 2^30 bytes, has " + segment.byteSize());
    }
  }
}
