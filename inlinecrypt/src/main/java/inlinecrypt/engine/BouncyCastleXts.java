package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES-256-XTS over Bouncy Castle's AES: data goes in chunks through an array, with the tweak kept
 * in two longs (IEEE Std 1619, clause 5).
 *
 * <p>Closing wipes all arrays of ours. Bouncy Castle offers no way to wipe the key schedules inside
 * its cipher objects; those are left to the garbage collector.
 */
final class BouncyCastleXts extends LanedCipher<BouncyCastleXts.Lane> {
  private static final int BLOCK_BYTES = 16;
  private static final int KEY_HALF_BYTES = 32;
  private static final int CHUNK_BYTES = 4096;
  private static final long TWEAK_POLYNOMIAL = 0x87; // IEEE Std 1619, 5.2
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final class Lane {
    private final BlockCipher encrypting;
    private final BlockCipher decrypting;
    private final BlockCipher tweak;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] tweakBlock = new byte[BLOCK_BYTES];

    private Lane(byte[] key) {
      encrypting = keyed(true, key, 0);
      decrypting = keyed(false, key, 0);
      tweak = keyed(true, key, KEY_HALF_BYTES);
    }

    private static BlockCipher keyed(boolean encrypt, byte[] key, int offset) {
      KeyParameter half = new KeyParameter(key, offset, KEY_HALF_BYTES);
      try {
        BlockCipher cipher = AESEngine.newInstance();
        cipher.init(encrypt, half);
        return cipher;
      } finally {
        Arrays.fill(half.getKey(), (byte) 0); // getKey gives the parameter's own array
      }
    }
  }

  private final byte[] key;

  BouncyCastleXts(MemorySegment key) {
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(key);
  }

  @Override
  void closeLane(Lane lane) {
    Arrays.fill(lane.chunk, (byte) 0);
    Arrays.fill(lane.tweakBlock, (byte) 0);
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
        lane,
        lane.encrypting,
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
    transformUnits(
        lane,
        lane.decrypting,
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
      Lane lane,
      BlockCipher cipher,
      long dun0,
      long dun1,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    for (long unit = 0; unit < lengthBytes; unit += unitBytes) {
      LONG.set(lane.tweakBlock, 0, dun0);
      LONG.set(lane.tweakBlock, 8, dun1);
      lane.tweak.processBlock(lane.tweakBlock, 0, lane.tweakBlock, 0);
      for (int at = 0; at < unitBytes; at += CHUNK_BYTES) {
        int chunkBytes = Math.min(CHUNK_BYTES, unitBytes - at);
        MemorySegment.copy(
            source,
            ValueLayout.JAVA_BYTE,
            sourceOffsetBytes + unit + at,
            lane.chunk,
            0,
            chunkBytes);
        transformChunk(lane, cipher, chunkBytes);
        MemorySegment.copy(
            lane.chunk,
            0,
            target,
            ValueLayout.JAVA_BYTE,
            targetOffsetBytes + unit + at,
            chunkBytes);
      }
      if (++dun0 == 0) {
        dun1++; // the IV is 16 bytes: further limbs do not reach it
      }
    }
  }

  /** Transforms the chunk in place and leaves in the tweak block what its next block needs. */
  private static void transformChunk(Lane lane, BlockCipher cipher, int chunkBytes) {
    byte[] chunk = lane.chunk;
    long low = (long) LONG.get(lane.tweakBlock, 0);
    long high = (long) LONG.get(lane.tweakBlock, 8);
    for (int at = 0; at < chunkBytes; at += BLOCK_BYTES) {
      LONG.set(chunk, at, (long) LONG.get(chunk, at) ^ low);
      LONG.set(chunk, at + 8, (long) LONG.get(chunk, at + 8) ^ high);
      cipher.processBlock(chunk, at, chunk, at);
      LONG.set(chunk, at, (long) LONG.get(chunk, at) ^ low);
      LONG.set(chunk, at + 8, (long) LONG.get(chunk, at + 8) ^ high);
      long carry = high >> 63; // all ones if the bit that leaves the tweak is set
      high = high << 1 | low >>> 63;
      low = low << 1 ^ carry & TWEAK_POLYNOMIAL;
    }
    LONG.set(lane.tweakBlock, 0, low);
    LONG.set(lane.tweakBlock, 8, high);
  }
}
