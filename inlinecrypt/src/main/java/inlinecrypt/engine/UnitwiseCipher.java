package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import inlinecrypt.mode.Scratch;
import inlinecrypt.mode.UnitCipher;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A keyed cipher that takes each data unit through the scratch of a lane, where a {@link
 * UnitCipher} works on it.
 */
final class UnitwiseCipher extends LanedCipher<UnitwiseCipher.Lane> {
  private static final int SLACK_BYTES = 16; // UnitCipher may write there

  static final class Lane {
    private final UnitCipher cipher;
    private final Scratch scratch = new Scratch(0);

    private Lane(UnitCipher cipher) {
      this.cipher = cipher;
    }
  }

  private final Supplier<UnitCipher> laneCipher;
  private final Runnable wipeKey;

  /**
   * @param laneCipher makes a lane's cipher
   * @param wipeKey wipes what it is made from, after all are closed
   */
  UnitwiseCipher(CryptoMode mode, Supplier<UnitCipher> laneCipher, Runnable wipeKey) {
    super(mode);
    this.laneCipher = laneCipher;
    this.wipeKey = wipeKey;
  }

  /**
   * @param unitCipher makes a lane's cipher from a copy of the key in native memory, which stays
   *     until that cipher is closed
   */
  UnitwiseCipher(
      CryptoMode mode, MemorySegment key, Function<MemorySegment, UnitCipher> unitCipher) {
    MemorySegment kept = LibCrypto.copyOf(key);
    this(mode, () -> unitCipher.apply(kept), () -> LibCrypto.wipeAndFree(kept));
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
    Scratch scratch = lane.scratch;
    scratch.require(dataUnitSizeBytes + SLACK_BYTES);
    for (long done = 0; done < lengthBytes; done += dataUnitSizeBytes) {
      MemorySegment.copy(source, sourceOffsetBytes + done, scratch.segment(), 0, dataUnitSizeBytes);
      lane.cipher.encrypt(scratch, dataUnitSizeBytes, dun0, dun1, dun2, dun3);
      MemorySegment.copy(scratch.segment(), 0, target, targetOffsetBytes + done, dataUnitSizeBytes);
      if (++dun0 == 0 && ++dun1 == 0 && ++dun2 == 0) {
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
    Scratch scratch = lane.scratch;
    scratch.require(dataUnitSizeBytes + SLACK_BYTES);
    for (long done = 0; done < lengthBytes; done += dataUnitSizeBytes) {
      MemorySegment.copy(source, sourceOffsetBytes + done, scratch.segment(), 0, dataUnitSizeBytes);
      lane.cipher.decrypt(scratch, dataUnitSizeBytes, dun0, dun1, dun2, dun3);
      MemorySegment.copy(scratch.segment(), 0, target, targetOffsetBytes + done, dataUnitSizeBytes);
      if (++dun0 == 0 && ++dun1 == 0 && ++dun2 == 0) {
        dun3++;
      }
    }
  }
}
