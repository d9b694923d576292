package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * XTS-AES-256 from IEEE Std 1619-2007, clause 5, for data units of whole blocks (so that 5.3.2's
 * ciphertext stealing never happens).
 *
 * <p>The tweak value i of the standard is the low 128 bits of the data unit number.
 */
final class ReferenceXts extends LanedCipher<ReferenceXts.Lane> {
  private static final int BLOCK_BYTES = ReferenceAes.BLOCK_BYTES;
  private static final int KEY_HALF_BYTES = 32;
  private static final int TWEAK_POLYNOMIAL = 0x87; // 5.2: 128 bits of x^128 + x^7 + x^2 + x + 1

  static final class Lane {
    private final ReferenceAes data; // Key1
    private final ReferenceAes tweak; // Key2
    private final byte[] t = new byte[BLOCK_BYTES]; // T, the tweak of the block
    private final byte[] block = new byte[BLOCK_BYTES]; // PP or CC

    private Lane(byte[] key) {
      data = new ReferenceAes(key, 0);
      tweak = new ReferenceAes(key, KEY_HALF_BYTES);
    }

    private void wipe() {
      data.wipe();
      tweak.wipe();
      Arrays.fill(t, (byte) 0);
      Arrays.fill(block, (byte) 0);
    }
  }

  private final byte[] key;

  ReferenceXts(MemorySegment key) {
    super(CryptoMode.AES_256_XTS);
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(key);
  }

  @Override
  void closeLane(Lane lane) {
    lane.wipe();
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
    for (long at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      if (at % dataUnitSizeBytes == 0) {
        startUnit(lane, dun0, dun1, at / dataUnitSizeBytes);
      }
      xorIn(lane, source, sourceOffsetBytes + at); // PP = P xor T
      lane.data.encrypt(lane.block); // CC = AES-enc(Key1, PP)
      xorOut(lane, target, targetOffsetBytes + at); // C = CC xor T
      timesAlpha(lane.t);
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
    for (long at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      if (at % dataUnitSizeBytes == 0) {
        startUnit(lane, dun0, dun1, at / dataUnitSizeBytes);
      }
      xorIn(lane, source, sourceOffsetBytes + at); // CC = C xor T
      lane.data.decrypt(lane.block); // PP = AES-dec(Key1, CC)
      xorOut(lane, target, targetOffsetBytes + at); // P = PP xor T
      timesAlpha(lane.t);
    }
  }

  /** T = AES-enc(Key2, i), 5.3.1 and 5.4.1; i is (dun1, dun0) + unitIndex, little-endian (5.1). */
  private static void startUnit(Lane lane, long dun0, long dun1, long unitIndex) {
    long low = dun0 + unitIndex;
    long high = Long.compareUnsigned(low, dun0) < 0 ? dun1 + 1 : dun1;
    for (int i = 0; i < 8; i++) {
      lane.t[i] = (byte) (low >>> 8 * i);
      lane.t[8 + i] = (byte) (high >>> 8 * i);
    }
    lane.tweak.encrypt(lane.t);
  }

  /** T times the primitive element alpha, 5.2: one bit left, byte by byte, lowest byte first. */
  private static void timesAlpha(byte[] t) {
    int carry = 0;
    for (int k = 0; k < BLOCK_BYTES; k++) {
      int shifted = (t[k] & 0xff) << 1 | carry;
      t[k] = (byte) shifted;
      carry = shifted >> 8;
    }
    if (carry != 0) {
      t[0] ^= (byte) TWEAK_POLYNOMIAL;
    }
  }

  private static void xorIn(Lane lane, MemorySegment source, long offsetBytes) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      lane.block[i] = (byte) (source.get(ValueLayout.JAVA_BYTE, offsetBytes + i) ^ lane.t[i]);
    }
  }

  private static void xorOut(Lane lane, MemorySegment target, long offsetBytes) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      target.set(ValueLayout.JAVA_BYTE, offsetBytes + i, (byte) (lane.block[i] ^ lane.t[i]));
    }
  }
}
