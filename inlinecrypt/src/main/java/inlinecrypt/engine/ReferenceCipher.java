package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import inlinecrypt.reference.DataUnitTransform;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Any mode of {@link inlinecrypt.reference}, unit by unit through an array. */
final class ReferenceCipher extends LanedCipher<ReferenceCipher.Lane> {
  private static final int IV_BYTES = 32;
  private static final ValueLayout.OfLong LIMB =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final class Lane {
    private final DataUnitTransform transform;
    private final byte[] iv = new byte[IV_BYTES];
    private final MemorySegment limbs = MemorySegment.ofArray(iv);
    private byte[] unit = new byte[0];

    private Lane(DataUnitTransform transform) {
      this.transform = transform;
    }

    private void makeRoom(int unitBytes) {
      if (unit.length < unitBytes) {
        Arrays.fill(unit, (byte) 0);
        unit = new byte[unitBytes];
      }
    }
  }

  private final CryptoMode mode;
  private final byte[] key;

  ReferenceCipher(CryptoMode mode, MemorySegment key) {
    super(mode);
    this.mode = mode;
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(DataUnitTransform.of(mode, key));
  }

  @Override
  void closeLane(Lane lane) {
    lane.transform.wipe();
    Arrays.fill(lane.iv, (byte) 0);
    Arrays.fill(lane.unit, (byte) 0);
  }

  @Override
  void closeKey() {
    Arrays.fill(key, (byte) 0);
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
    transformUnits(
        true,
        lane,
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
    transformUnits(
        false,
        lane,
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

  private static void transformUnits(
      boolean encrypt,
      Lane lane,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    lane.makeRoom(unitBytes);
    byte[] unit = lane.unit;
    lane.limbs.set(LIMB, 0, dun0);
    lane.limbs.set(LIMB, 8, dun1);
    lane.limbs.set(LIMB, 16, dun2);
    lane.limbs.set(LIMB, 24, dun3);
    for (long at = 0; at < lengthBytes; at += unitBytes) {
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, sourceOffsetBytes + at, unit, 0, unitBytes);
      if (encrypt) {
        lane.transform.encrypt(lane.iv, unit, unitBytes);
      } else {
        lane.transform.decrypt(lane.iv, unit, unitBytes);
      }
      MemorySegment.copy(unit, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes + at, unitBytes);
      addOne(lane.iv);
    }
  }

  /** The next data unit number, byte by byte from the lowest; a carry out of the last is lost. */
  private static void addOne(byte[] iv) {
    for (int i = 0; i < iv.length; i++) {
      if (++iv[i] != 0) {
        return;
      }
    }
  }
}
