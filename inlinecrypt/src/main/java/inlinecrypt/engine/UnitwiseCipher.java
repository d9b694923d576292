package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import inlinecrypt.mode.BatchCipher;
import inlinecrypt.mode.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A keyed cipher that takes data units through the scratch of a lane, some at once, where a {@link
 * BatchCipher} works on it.
 */
final class UnitwiseCipher extends LanedCipher<UnitwiseCipher.Lane> {
  static final class Lane {
    private final BatchCipher cipher;
    private final Scratch scratch = new Scratch(0);

    private Lane(BatchCipher cipher) {
      this.cipher = cipher;
    }

    /** Fills slots from {@code source}, in which {@code leftBytes} are left; how many. */
    private int load(MemorySegment source, long offsetBytes, int unitBytes, long leftBytes) {
      int slotBytes = cipher.slotBytes(unitBytes);
      int count = (int) Math.min(cipher.unitsAtOnce(unitBytes), leftBytes / unitBytes);
      scratch.require(count * slotBytes);
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(
            source,
            offsetBytes + (long) i * unitBytes,
            scratch.segment(),
            (long) i * slotBytes,
            unitBytes);
      }
      return count;
    }

    private void store(MemorySegment target, long offsetBytes, int unitBytes, int count) {
      int slotBytes = cipher.slotBytes(unitBytes);
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(
            scratch.segment(),
            (long) i * slotBytes,
            target,
            offsetBytes + (long) i * unitBytes,
            unitBytes);
      }
    }
  }

  private final Supplier<BatchCipher> laneCipher;
  private final Runnable wipeKey;

  /**
   * @param laneCipher makes a lane's cipher
   * @param wipeKey wipes what it is made from, after all are closed
   */
  UnitwiseCipher(CryptoMode mode, Supplier<BatchCipher> laneCipher, Runnable wipeKey) {
    super(mode);
    this.laneCipher = laneCipher;
    this.wipeKey = wipeKey;
  }

  /**
   * @param unitCipher makes a lane's cipher from a copy of the key in native memory, which stays
   *     until that cipher is closed
   */
  UnitwiseCipher(
      CryptoMode mode, MemorySegment key, Function<MemorySegment, BatchCipher> unitCipher) {
    MemorySegment kept = LibCrypto.copyOf(key);
    this(mode, () -> unitCipher.apply(kept), () -> LibCrypto.wipeAndFree(kept));
  }

  /**
   * @param unitCipher makes a lane's cipher from the key's bytes, which are wiped after all are
   *     closed
   */
  static UnitwiseCipher keyed(
      CryptoMode mode, MemorySegment key, Function<byte[], BatchCipher> unitCipher) {
    byte[] kept = key.toArray(ValueLayout.JAVA_BYTE);
    return new UnitwiseCipher(
        mode, () -> unitCipher.apply(kept), () -> Arrays.fill(kept, (byte) 0));
  }

  @Override
  Lane openLane() {
    return new Lane(laneCipher.get());
  }

  @Override
  void closeLane(Lane lane) {
    lane.cipher.close();
    lane.scratch.wipe();
  }

  @Override
  void closeKey() {
    wipeKey.run();
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
    for (long done = 0; done < lengthBytes; ) {
      int count =
          lane.load(source, sourceOffsetBytes + done, dataUnitSizeBytes, lengthBytes - done);
      lane.cipher.encrypt(lane.scratch, dataUnitSizeBytes, count, dun0, dun1, dun2, dun3);
      lane.store(target, targetOffsetBytes + done, dataUnitSizeBytes, count);
      done += (long) count * dataUnitSizeBytes;
      dun0 += count;
      if (Long.compareUnsigned(dun0, count) < 0 && ++dun1 == 0 && ++dun2 == 0) {
        dun3++;
      }
    }
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
    for (long done = 0; done < lengthBytes; ) {
      int count =
          lane.load(source, sourceOffsetBytes + done, dataUnitSizeBytes, lengthBytes - done);
      lane.cipher.decrypt(lane.scratch, dataUnitSizeBytes, count, dun0, dun1, dun2, dun3);
      lane.store(target, targetOffsetBytes + done, dataUnitSizeBytes, count);
      done += (long) count * dataUnitSizeBytes;
      dun0 += count;
      if (Long.compareUnsigned(dun0, count) < 0 && ++dun1 == 0 && ++dun2 == 0) {
        dun3++;
      }
    }
  }
}
