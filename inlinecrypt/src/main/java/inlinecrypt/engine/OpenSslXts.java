package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * XTS over libcrypto, in one of two ways.
 *
 * <p><em>By unit</em>: libcrypto's own XTS, for each data unit one call that sets the IV and one
 * that transforms. Native segments are worked on in place; a heap segment goes through native
 * memory of the lane.
 *
 * <p><em>Batched</em>: the two calls cost as much as 512 bytes of AES, so small units are gathered:
 * the tweaks of a batch are encrypted in one ECB call and doubled here, the data goes through
 * another, and the exclusive-ors are loops over arrays, which the compiler vectorises. This also
 * serves ciphers that libcrypto has no XTS for, and keys of two equal halves, which its XTS refuses
 * (IEEE Std 1619 does not).
 */
final class OpenSslXts extends LanedCipher<OpenSslXts.Lane> {
  /** From this size on a unit goes by itself. */
  static int BY_UNIT_FROM_BYTES = Integer.getInteger("byunit", 1024);

  private static int BATCH_BYTES = Integer.getInteger("batch", 8192);
  private static final int BLOCK_BYTES = 16;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final class Lane {
    private final LibCryptoCipher xtsEncrypt = new LibCryptoCipher(xts, key, true);
    private final LibCryptoCipher xtsDecrypt = new LibCryptoCipher(xts, key, false);
    private final LibCryptoCipher dataEncrypt = new LibCryptoCipher(ecb, dataKey(), true);
    private final LibCryptoCipher dataDecrypt = new LibCryptoCipher(ecb, dataKey(), false);
    private final LibCryptoCipher tweakEncrypt = new LibCryptoCipher(ecb, tweakKey(), true);
    private MemorySegment bounce = MemorySegment.NULL; // one data unit, once a heap segment came

    private long[] numbers = {};
    private long[] tweaks = {};
    private long[] data = {};
    private MemorySegment numberBytes = MemorySegment.NULL;
    private MemorySegment dataBytes = MemorySegment.NULL;

    private MemorySegment bounce(int unitBytes) {
      if (bounce.byteSize() < unitBytes) {
        MemorySegment outgrown = bounce;
        bounce = LibCrypto.allocate(unitBytes);
        LibCrypto.wipeAndFree(outgrown);
      }
      return bounce;
    }

    private void needArrays() {
      if (data.length == 0) {
        numbers = new long[BATCH_BYTES / Long.BYTES];
        tweaks = new long[BATCH_BYTES / Long.BYTES];
        data = new long[BATCH_BYTES / Long.BYTES];
        numberBytes = MemorySegment.ofArray(numbers);
        dataBytes = MemorySegment.ofArray(data);
      }
    }
  }

  private final long xts; // EVP_CIPHER; 0: libcrypto has none, or refuses the key
  private final long ecb;
  private final MemorySegment key;

  /**
   * @param xts of {@link LibCrypto#fetchCipher}; 0 if there is none
   * @param ecb the block cipher alone
   */
  OpenSslXts(long xts, long ecb, MemorySegment key) {
    long half = key.byteSize() / 2;
    boolean halvesDiffer = MemorySegment.mismatch(key, 0, half, key, half, 2 * half) >= 0;
    this.xts = halvesDiffer ? xts : 0;
    this.ecb = ecb;
    this.key = LibCrypto.allocate(key.byteSize());
    this.key.copyFrom(key);
  }

  private MemorySegment dataKey() {
    return key.asSlice(0, key.byteSize() / 2);
  }

  private MemorySegment tweakKey() {
    return key.asSlice(key.byteSize() / 2);
  }

  @Override
  Lane openLane() {
    return new Lane();
  }

  @Override
  void closeLane(Lane lane) {
    lane.xtsEncrypt.close();
    lane.xtsDecrypt.close();
    lane.dataEncrypt.close();
    lane.dataDecrypt.close();
    lane.tweakEncrypt.close();
    LibCrypto.wipeAndFree(lane.bounce);
  }

  @Override
  void closeKey() {
    LibCrypto.wipeAndFree(key);
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
    if (xts != 0 && dataUnitSizeBytes >= BY_UNIT_FROM_BYTES) {
      byUnit(
          lane.xtsEncrypt,
          lane,
          dun0,
          dun1,
          dataUnitSizeBytes,
          source,
          sourceOffsetBytes,
          target,
          targetOffsetBytes,
          lengthBytes);
    } else {
      batched(
          lane.dataEncrypt,
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
    if (xts != 0 && dataUnitSizeBytes >= BY_UNIT_FROM_BYTES) {
      byUnit(
          lane.xtsDecrypt,
          lane,
          dun0,
          dun1,
          dataUnitSizeBytes,
          source,
          sourceOffsetBytes,
          target,
          targetOffsetBytes,
          lengthBytes);
    } else {
      batched(
          lane.dataDecrypt,
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
  }

  private static void byUnit(
      LibCryptoCipher cipher,
      Lane lane,
      long dun0,
      long dun1,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    boolean direct = source.isNative() && target.isNative();
    for (long done = 0; done < lengthBytes; done += unitBytes) {
      cipher.start(dun0, dun1);
      if (direct) {
        cipher.transform(
            source, sourceOffsetBytes + done, target, targetOffsetBytes + done, unitBytes);
      } else {
        MemorySegment bounce = lane.bounce(unitBytes);
        MemorySegment.copy(source, sourceOffsetBytes + done, bounce, 0, unitBytes);
        cipher.transformInPlace(bounce, unitBytes);
        MemorySegment.copy(bounce, 0, target, targetOffsetBytes + done, unitBytes);
      }
      if (++dun0 == 0) {
        dun1++; // the IV is 16 bytes: further limbs do not reach it
      }
    }
  }

  private static void batched(
      LibCryptoCipher cipher,
      Lane lane,
      long dun0,
      long dun1,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    lane.needArrays();
    int blocks = unitBytes / BLOCK_BYTES;
    int maxUnits = BATCH_BYTES / unitBytes;
    for (long done = 0; done < lengthBytes; ) {
      int units = (int) Math.min(maxUnits, (lengthBytes - done) / unitBytes);
      int bytes = units * unitBytes;
      long[] numbers = lane.numbers;
      for (int i = 0; i < 2 * units; i += 2) {
        numbers[i] = dun0;
        numbers[i + 1] = dun1;
        if (++dun0 == 0) {
          dun1++;
        }
      }
      lane.tweakEncrypt.transformInPlace(lane.numberBytes, units * BLOCK_BYTES);
      long[] tweaks = lane.tweaks;
      MemorySegment.copy(source, sourceOffsetBytes + done, lane.dataBytes, 0, bytes);
      for (int unit = 0; unit < units; unit++) {
        XtsTweaks.spreadAndXor(
            numbers[2 * unit], numbers[2 * unit + 1], tweaks, lane.data, 2 * blocks * unit, blocks);
      }
      cipher.transformInPlace(lane.dataBytes, bytes);
      XtsTweaks.xor(lane.data, tweaks, bytes / Long.BYTES);
      MemorySegment.copy(lane.dataBytes, 0, target, targetOffsetBytes + done, bytes);
      done += bytes;
    }
  }
}
