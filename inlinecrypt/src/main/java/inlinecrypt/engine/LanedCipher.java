package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all keyed ciphers share: checks of the arguments, one lane for each call under way, and
 * closing. Subclasses hold the transform.
 *
 * <p>A <em>lane</em> is the working state of one call at a time: contexts, scratch arrays. Lanes
 * are made when first needed and kept until the cipher closes. A bit mask says which are taken; a
 * call claims the lowest free one with a compare-and-set, so that a lone thread always meets the
 * same, warm lane. A call that finds all of them taken yields until one is free, which is never
 * long: a lane is held for one call.
 *
 * @param <L> the lane
 */
abstract class LanedCipher<L> implements DataUnitCipher {
  private static final int LANE_COUNT = 16;
  private static final long CLOSED = Long.MIN_VALUE; // sign bit of the mask
  private static final int CIPHER_BLOCK_BYTES = 16;
  private static final int MAX_DATA_UNIT_BYTES = 1 << 24; // IEEE Std 1619, 5.1: 2^20 blocks

  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(LanedCipher.class, "taken", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through TAKEN
  private volatile long taken; // one bit for each lane, and CLOSED

  // A lane's cell belongs to whoever holds its bit.
  private final @Nullable Object[] lanes = new Object[LANE_COUNT];

  /** Makes a lane; several threads may be in here at once. */
  abstract L openLane();

  /** Wipes and frees a lane. */
  abstract void closeLane(L lane);

  /** Wipes and frees what the lanes are made from; called once, after all lanes are closed. */
  abstract void closeKey();

  /**
   * Encrypts whole data units, at least one. Arguments are checked: ranges are accessible and
   * either equal or disjoint.
   */
  abstract void encryptUnits(
      L lane,
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

  /** Decrypts whole data units, as {@link #encryptUnits} encrypts them. */
  abstract void decryptUnits(
      L lane,
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

  @Override
  public final void encrypt(
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
    check(dataUnitSizeBytes, source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    int index = claim();
    try {
      if (lengthBytes > 0) {
        encryptUnits(
            lane(index),
            dun0,
            dun1,
            dun2,
            dun3,
            dataUnitSizeBytes,
            source,
            sourceOffsetBytes,
            target,
            targetOffsetBytes,
            lengthBytes);
      }
    } finally {
      release(index);
    }
  }

  @Override
  public final void decrypt(
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
    check(dataUnitSizeBytes, source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    int index = claim();
    try {
      if (lengthBytes > 0) {
        decryptUnits(
            lane(index),
            dun0,
            dun1,
            dun2,
            dun3,
            dataUnitSizeBytes,
            source,
            sourceOffsetBytes,
            target,
            targetOffsetBytes,
            lengthBytes);
      }
    } finally {
      release(index);
    }
  }

  @Override
  public final void close() {
    long before = (long) TAKEN.getAndBitwiseOr(this, CLOSED);
    if ((before & CLOSED) != 0) {
      return;
    }
    while (taken != CLOSED) {
      Thread.yield();
    }
    for (int index = 0; index < LANE_COUNT; index++) {
      if (lanes[index] != null) {
        closeLane(lane(index));
        lanes[index] = null;
      }
    }
    closeKey();
  }

  private int claim() {
    while (true) {
      long mask = taken;
      if (mask < 0) {
        throw new IllegalStateException("the cipher is closed");
      }
      int free = Long.numberOfTrailingZeros(~mask);
      if (free >= LANE_COUNT) {
        Thread.yield();
      } else if (TAKEN.compareAndSet(this, mask, mask | 1L << free)) {
        return free;
      }
    }
  }

  private void release(int index) {
    TAKEN.getAndBitwiseAnd(this, ~(1L << index));
  }

  @SuppressWarnings("unchecked") // the cells hold what openLane made
  private L lane(int index) {
    Object lane = lanes[index];
    if (lane == null) {
      lane = openLane();
      lanes[index] = lane;
    }
    return (L) lane;
  }

  private static void check(
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    if (dataUnitSizeBytes < CIPHER_BLOCK_BYTES
        || dataUnitSizeBytes > MAX_DATA_UNIT_BYTES
        || dataUnitSizeBytes % CIPHER_BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "dataUnitSizeBytes must be a multiple of 16 up to 2^24, is " + dataUnitSizeBytes);
    }
    if (lengthBytes % dataUnitSizeBytes != 0) {
      throw new IllegalArgumentException(
          "lengthBytes must be a multiple of the data unit size "
              + dataUnitSizeBytes
              + ", is "
              + lengthBytes);
    }
    Objects.checkFromIndexSize(sourceOffsetBytes, lengthBytes, source.byteSize());
    Objects.checkFromIndexSize(targetOffsetBytes, lengthBytes, target.byteSize());
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("the target is a read-only segment");
    }
    if (lengthBytes > 0) {
      // A read is the one way to have the JDK check both the arena and the thread.
      byte _ = source.get(ValueLayout.JAVA_BYTE, sourceOffsetBytes);
      byte _ = target.get(ValueLayout.JAVA_BYTE, targetOffsetBytes);
      checkOverlap(source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    }
  }

  private static void checkOverlap(
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    if (source.isNative() != target.isNative()) {
      return;
    }
    // An address on the heap is a place in some array, so first this is about numbers only.
    long distance = source.address() + sourceOffsetBytes - (target.address() + targetOffsetBytes);
    if (distance == 0 || distance >= lengthBytes || distance <= -lengthBytes) {
      return;
    }
    if (source.asOverlappingSlice(target).isPresent()) {
      throw new IllegalArgumentException(
          "source and target overlap partly: the target starts "
              + -distance
              + " bytes after the source, length "
              + lengthBytes);
    }
  }
}
