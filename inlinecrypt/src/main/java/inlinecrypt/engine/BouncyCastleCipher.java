package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A keyed cipher on Bouncy Castle: each data unit goes through an array of its lane, because Bouncy
 * Castle takes nothing but arrays. A lane keeps the array of the largest unit it has met.
 */
final class BouncyCastleCipher extends LanedCipher<BouncyCastleCipher.Lane> {
  private static final int MAX_IV_BYTES = 32;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final class Lane {
    private final BouncyCastleMode mode;
    private final byte[] iv = new byte[MAX_IV_BYTES];
    private byte[] unit = new byte[0];

    private Lane(BouncyCastleMode mode) {
      this.mode = mode;
    }

    private void makeRoomFor(int unitBytes) {
      if (unit.length < unitBytes) {
        wipeUnit();
        unit = new byte[unitBytes];
      }
    }

    private void wipeUnit() {
      Arrays.fill(unit, (byte) 0);
    }
  }

  private final CryptoMode mode;
  private final byte[] key;

  BouncyCastleCipher(CryptoMode mode, MemorySegment key) {
    super(mode);
    this.mode = mode;
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(BouncyCastleMode.keyed(mode, key));
  }

  @Override
  void closeLane(Lane lane) {
    lane.mode.wipe();
    lane.wipeUnit();
    Arrays.fill(lane.iv, (byte) 0);
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
    lane.makeRoomFor(unitBytes);
    byte[] unit = lane.unit;
    byte[] iv = lane.iv;
    for (long at = 0; at < lengthBytes; at += unitBytes) {
      LONG.set(iv, 0, dun0);
      LONG.set(iv, 8, dun1);
      LONG.set(iv, 16, dun2);
      LONG.set(iv, 24, dun3);
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, sourceOffsetBytes + at, unit, 0, unitBytes);
      if (encrypt) {
        lane.mode.encrypt(iv, unit, unitBytes);
      } else {
        lane.mode.decrypt(iv, unit, unitBytes);
      }
      MemorySegment.copy(unit, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes + at, unitBytes);
      if (++dun0 == 0 && ++dun1 == 0 && ++dun2 == 0) {
        dun3++;
      }
    }
  }
}
