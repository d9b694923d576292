package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One cipher of libcrypto under one key in one direction: an EVP context, made at the first use, so
 * that a key that is only held, or only ever decrypts, costs nothing more. Padding is off. Used by
 * one call at a time.
 */
final class LibCryptoCipher {
  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int TAG_BYTES = 16;
  private static final long COUNT_OFFSET = 0;
  private static final long IV_OFFSET = 16;
  private static final long SCRATCH_BYTES = 32;

  private final long fetched;
  private final MemorySegment key;
  private final boolean encrypt;
  private MemorySegment scratch = MemorySegment.NULL;
  private long context; // EVP_CIPHER_CTX, 0 until needed

  /**
   * @param fetched of {@link LibCrypto#fetchCipher}
   * @param key read at the first use; the caller wipes it, after {@link #close}
   */
  LibCryptoCipher(long fetched, MemorySegment key, boolean encrypt) {
    this.fetched = fetched;
    this.key = key;
    this.encrypt = encrypt;
  }

  /** Starts a message with a 16-byte IV, given as two little-endian halves. */
  void start(long ivLow, long ivHigh) {
    long opened = context();
    scratch.set(LITTLE_ENDIAN_LONG, IV_OFFSET, ivLow);
    scratch.set(LITTLE_ENDIAN_LONG, IV_OFFSET + 8, ivHigh);
    LibCrypto.startMessage(opened, scratch.address() + IV_OFFSET);
  }

  /** Starts a message with an IV of the cipher's length, at most 16 bytes. */
  void start(MemorySegment iv) {
    long opened = context();
    MemorySegment.copy(iv, 0, scratch, IV_OFFSET, iv.byteSize());
    LibCrypto.startMessage(opened, scratch.address() + IV_OFFSET);
  }

  /** Sets up the key again, whose bytes have changed. */
  void rekey() {
    if (context != 0) {
      LibCrypto.setKey(context, key);
    }
  }

  /** Transforms between native segments, which are the same bytes or do not overlap. */
  void transform(
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      int lengthBytes) {
    LibCrypto.transform(
        context(),
        target.address() + targetOffsetBytes,
        scratch.address() + COUNT_OFFSET,
        source.address() + sourceOffsetBytes,
        lengthBytes,
        target,
        source);
  }

  /** As {@link #transform}, for ciphers that take a message in one call, such as XTS. */
  void transformAll(
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      int lengthBytes) {
    LibCrypto.transformAll(
        context(),
        target.address() + targetOffsetBytes,
        source.address() + sourceOffsetBytes,
        lengthBytes,
        target,
        source);
  }

  /** Takes bytes of a native segment that are authenticated only. */
  void authenticate(MemorySegment associatedData, int lengthBytes) {
    LibCrypto.transform(
        context(),
        0,
        scratch.address() + COUNT_OFFSET,
        associatedData.address(),
        lengthBytes,
        MemorySegment.NULL,
        associatedData);
  }

  /** Ends a message and writes its 16-byte tag. */
  void finish(MemorySegment tag) {
    LibCrypto.finishWithTag(
        context(), scratch.address() + IV_OFFSET, TAG_BYTES, scratch.address() + COUNT_OFFSET);
    MemorySegment.copy(scratch, IV_OFFSET, tag, 0, TAG_BYTES);
  }

  /** Ends a message; whether {@code tag} is its own. */
  boolean verify(MemorySegment tag) {
    MemorySegment.copy(tag, 0, scratch, IV_OFFSET, TAG_BYTES);
    return LibCrypto.finishAndVerify(
        context(), scratch.address() + IV_OFFSET, TAG_BYTES, scratch.address() + COUNT_OFFSET);
  }

  /** Transforms the first bytes of a heap or native segment in place. */
  void transformInPlace(MemorySegment segment, int lengthBytes) {
    LibCrypto.transformInPlace(context(), segment, scratch, lengthBytes);
  }

  /** Wipes and frees the context. */
  void close() {
    if (context != 0) {
      LibCrypto.freeContext(context);
      context = 0;
    }
    LibCrypto.wipeAndFree(scratch);
    scratch = MemorySegment.NULL;
  }

  private long context() {
    if (context == 0) {
      if (scratch.byteSize() == 0) {
        scratch = LibCrypto.allocate(SCRATCH_BYTES);
      }
      context = LibCrypto.newContext(fetched, key, encrypt);
    }
    return context;
  }
}
