package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * AES-256-XTS in libcrypto: for each data unit one call that sets the IV, and one that transforms.
 *
 * <p>A context works in one direction, so the key is set up twice, into two templates; a lane
 * copies a template when it first needs that direction, which is cheaper than a set-up and leaves
 * no raw key to keep.
 *
 * <p>Native segments are worked on in place, by address. Their arenas are checked when a call
 * begins; closing a shared arena while a call works on its memory is a mistake that nothing
 * detects. A heap segment goes through native memory of the lane, one data unit at a time. A
 * critical downcall could take it in place and save the copy, but needs a slice for each unit,
 * which is allocated wherever the compiler has met several kinds of segments.
 */
final class OpenSslXts extends LanedCipher<OpenSslXts.Lane> {
  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  // Scratch of a lane: the IV, which is dun0 and dun1, and the count that an update returns.
  private static final long IV_HIGH_OFFSET = 8;
  private static final long COUNT_OFFSET = 16;
  private static final long SCRATCH_BYTES = 24;

  /** The cipher itself, fetched once: an implicit fetch for each key costs more than the key. */
  private static final class Fetched {
    static final long AES_256_XTS = LibCrypto.fetchCipher("AES-256-XTS");
  }

  static final class Lane {
    private final MemorySegment scratch = LibCrypto.allocate(SCRATCH_BYTES);
    private final long ivAddress = scratch.address();
    private MemorySegment bounce = MemorySegment.NULL; // one data unit, once a heap segment came
    private long encrypting; // EVP_CIPHER_CTX, 0 until needed
    private long decrypting;

    private MemorySegment bounce(int unitBytes) {
      if (bounce.byteSize() < unitBytes) {
        MemorySegment outgrown = bounce;
        bounce = LibCrypto.allocate(unitBytes);
        LibCrypto.wipeAndFree(outgrown);
      }
      return bounce;
    }
  }

  private final long encryptTemplate;
  private final long decryptTemplate;

  OpenSslXts(MemorySegment key) {
    super(CryptoMode.AES_256_XTS);
    encryptTemplate = LibCrypto.newContext(Fetched.AES_256_XTS, key, true);
    decryptTemplate = LibCrypto.newContext(Fetched.AES_256_XTS, key, false);
  }

  @Override
  Lane openLane() {
    return new Lane();
  }

  @Override
  void closeLane(Lane lane) {
    if (lane.encrypting != 0) {
      LibCrypto.freeContext(lane.encrypting);
    }
    if (lane.decrypting != 0) {
      LibCrypto.freeContext(lane.decrypting);
    }
    LibCrypto.wipeAndFree(lane.bounce);
    LibCrypto.wipeAndFree(lane.scratch);
  }

  @Override
  void closeKey() {
    LibCrypto.freeContext(encryptTemplate);
    LibCrypto.freeContext(decryptTemplate);
  }

  @Override
  void encryptUnits(
      Lane lane,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    if (lane.encrypting == 0) {
      lane.encrypting = LibCrypto.copyContext(encryptTemplate);
    }
    transformUnits(
        lane.encrypting,
        lane,
        dun0,
        dun1,
        dataUnitSizeBytes,
        source,
        sourceOffsetBytes,
        target,
        targetOffsetBytes,
        lengthBytes);
  }

  @Override
  void decryptUnits(
      Lane lane,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    if (lane.decrypting == 0) {
      lane.decrypting = LibCrypto.copyContext(decryptTemplate);
    }
    transformUnits(
        lane.decrypting,
        lane,
        dun0,
        dun1,
        dataUnitSizeBytes,
        source,
        sourceOffsetBytes,
        target,
        targetOffsetBytes,
        lengthBytes);
  }

  private static void transformUnits(
      long context,
      Lane lane,
      long dun0,
      long dun1,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    long countAddress = lane.ivAddress + COUNT_OFFSET;
    long bounceAddress = 0;
    if (!source.isNative() || !target.isNative()) {
      bounceAddress = lane.bounce(unitBytes).address();
    }
    for (long done = 0; done < lengthBytes; done += unitBytes) {
      long sourceAddress = source.address() + sourceOffsetBytes + done;
      long targetAddress = target.address() + targetOffsetBytes + done;
      if (!source.isNative()) {
        MemorySegment.copy(source, sourceOffsetBytes + done, lane.bounce, 0, unitBytes);
        sourceAddress = bounceAddress;
      }
      if (!target.isNative()) {
        targetAddress = bounceAddress;
      }
      lane.scratch.set(LITTLE_ENDIAN_LONG, 0, dun0);
      lane.scratch.set(LITTLE_ENDIAN_LONG, IV_HIGH_OFFSET, dun1);
      LibCrypto.startMessage(context, lane.ivAddress);
      LibCrypto.transform(context, targetAddress, countAddress, sourceAddress, unitBytes);
      if (!target.isNative()) {
        MemorySegment.copy(lane.bounce, 0, target, targetOffsetBytes + done, unitBytes);
      }
      if (++dun0 == 0) {
        dun1++; // the IV is 16 bytes: further limbs do not reach it
      }
    }
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
  }
}
