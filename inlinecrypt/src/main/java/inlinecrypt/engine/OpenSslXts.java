package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

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
  /**
   * From this size on a unit goes by itself. GB/s of CPU time on an EPYC with AVX-512, batched and
   * by unit: 4.2 and 2.8 at 512 bytes (a C loop by unit: 3.3), 4.2 and 4.0 at 1024, 4.3 and 5.0 at
   * 2048, 4.2 and 5.9 at 4096.
   */
  private static final int BY_UNIT_FROM_BYTES = 2048;

  /** Bytes gathered for one ECB call: 4.0 GB/s with 4096, 4.2 with 8192, 3.9 with 16384. */
  private static final int BATCH_BYTES = 8192;

  private static final int BLOCK_BYTES = 16;

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
  OpenSslXts(CryptoMode mode, long xts, long ecb, MemorySegment key) {
    super(mode);
    long half = key.byteSize() / 2;
    boolean halvesDiffer = MemorySegment.mismatch(key, 0, half, key, half, 2 * half) >= 0;
    this.xts = halvesDiffer ? xts : 0;
    this.ecb = ecb;
    this.key = LibCrypto.copyOf(key);
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
    Arrays.fill(lane.numbers, 0);
    Arrays.fill(lane.tweaks, 0);
    Arrays.fill(lane.data, 0);
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
    if (byUnit(dataUnitSizeBytes)) {
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
          true,
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
    if (byUnit(dataUnitSizeBytes)) {
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
          false,
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

  private boolean byUnit(int unitBytes) {
    return xts != 0 && (unitBytes >= BY_UNIT_FROM_BYTES || unitBytes % BLOCK_BYTES != 0);
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
        cipher.transformAll(
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
      boolean encrypt,
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
    boolean small = unitBytes <= BATCH_BYTES && unitBytes % BLOCK_BYTES == 0;
    int maxUnits = small ? BATCH_BYTES / unitBytes : 1;
    long[] numbers = lane.numbers;
    for (long done = 0; done < lengthBytes; ) {
      int units = (int) Math.min(maxUnits, (lengthBytes - done) / unitBytes);
      for (int i = 0; i < 2 * units; i += 2) {
        numbers[i] = dun0;
        numbers[i + 1] = dun1;
        if (++dun0 == 0) {
          dun1++;
        }
      }
      lane.tweakEncrypt.transformInPlace(lane.numberBytes, units * BLOCK_BYTES);
      long from = sourceOffsetBytes + done;
      long to = targetOffsetBytes + done;
      if (small) {
        smallUnits(cipher, lane, units, unitBytes, source, from, target, to);
      } else {
        oneUnit(cipher, encrypt, lane, unitBytes, source, from, target, to);
      }
      done += (long) units * unitBytes;
    }
  }

  /** A batch of whole units, whose first tweaks are in {@code lane.numbers}. */
  private static void smallUnits(
      LibCryptoCipher cipher,
      Lane lane,
      int units,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes) {
    int bytes = units * unitBytes;
    int blocks = unitBytes / BLOCK_BYTES;
    MemorySegment.copy(source, sourceOffsetBytes, lane.dataBytes, 0, bytes);
    for (int unit = 0; unit < units; unit++) {
      XtsTweaks.spreadAndXor(
          lane.numbers[2 * unit],
          lane.numbers[2 * unit + 1],
          lane.tweaks,
          lane.data,
          2 * blocks * unit,
          blocks);
    }
    cipher.transformInPlace(lane.dataBytes, bytes);
    XtsTweaks.xor(lane.data, lane.tweaks, bytes / Long.BYTES);
    MemorySegment.copy(lane.dataBytes, 0, target, targetOffsetBytes, bytes);
  }

  /** One unit in pieces, whose first tweak is in {@code lane.numbers}; ends in stealing. */
  private static void oneUnit(
      LibCryptoCipher cipher,
      boolean encrypt,
      Lane lane,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes) {
    int tailBytes = unitBytes % BLOCK_BYTES;
    int plainBytes = tailBytes == 0 ? unitBytes : unitBytes - BLOCK_BYTES - tailBytes;
    long low = lane.numbers[0];
    long high = lane.numbers[1];
    for (int done = 0; done < plainBytes; ) {
      int bytes = Math.min(BATCH_BYTES, plainBytes - done);
      int longs = bytes / Long.BYTES;
      MemorySegment.copy(source, sourceOffsetBytes + done, lane.dataBytes, 0, bytes);
      XtsTweaks.spreadAndXor(low, high, lane.tweaks, lane.data, 0, bytes / BLOCK_BYTES);
      cipher.transformInPlace(lane.dataBytes, bytes);
      XtsTweaks.xor(lane.data, lane.tweaks, longs);
      MemorySegment.copy(lane.dataBytes, 0, target, targetOffsetBytes + done, bytes);
      long lastLow = lane.tweaks[longs - 2];
      long lastHigh = lane.tweaks[longs - 1];
      low = XtsTweaks.doubledLow(lastLow, lastHigh);
      high = XtsTweaks.doubledHigh(lastLow, lastHigh);
      done += bytes;
    }
    if (tailBytes > 0) {
      int bytes = BLOCK_BYTES + tailBytes;
      long nextLow = XtsTweaks.doubledLow(low, high);
      long nextHigh = XtsTweaks.doubledHigh(low, high);
      MemorySegment.copy(source, sourceOffsetBytes + plainBytes, lane.dataBytes, 0, bytes);
      // IEEE Std 1619, 5.3.2 and 5.4.2: decrypting, the last two tweaks change places.
      firstBlock(cipher, lane, encrypt ? low : nextLow, encrypt ? high : nextHigh);
      for (int i = 0; i < tailBytes; i++) {
        byte stolen = lane.dataBytes.get(ValueLayout.JAVA_BYTE, i);
        lane.dataBytes.set(
            ValueLayout.JAVA_BYTE, i, lane.dataBytes.get(ValueLayout.JAVA_BYTE, BLOCK_BYTES + i));
        lane.dataBytes.set(ValueLayout.JAVA_BYTE, BLOCK_BYTES + i, stolen);
      }
      firstBlock(cipher, lane, encrypt ? nextLow : low, encrypt ? nextHigh : high);
      MemorySegment.copy(lane.dataBytes, 0, target, targetOffsetBytes + plainBytes, bytes);
    }
  }

  private static void firstBlock(LibCryptoCipher cipher, Lane lane, long low, long high) {
    lane.data[0] ^= low;
    lane.data[1] ^= high;
    cipher.transformInPlace(lane.dataBytes, BLOCK_BYTES);
    lane.data[0] ^= low;
    lane.data[1] ^= high;
  }
}
