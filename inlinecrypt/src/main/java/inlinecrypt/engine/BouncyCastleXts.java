package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
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
    private final byte[] chunk = new byte[CHUNK_BYTES + BLOCK_BYTES];
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
    super(CryptoMode.AES_256_XTS);
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
        true,
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
        false,
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
      boolean encrypt,
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
      int chunkBytes;
      for (int at = 0; at < unitBytes; at += chunkBytes) {
        chunkBytes = unitBytes - at;
        if (chunkBytes >= CHUNK_BYTES + BLOCK_BYTES) { // else a stolen end needs its neighbour
          chunkBytes = CHUNK_BYTES;
        }
        MemorySegment.copy(
            source,
            ValueLayout.JAVA_BYTE,
            sourceOffsetBytes + unit + at,
            lane.chunk,
            0,
            chunkBytes);
        transformChunk(lane, cipher, encrypt, chunkBytes);
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

  /**
   * Transforms the chunk in place and leaves in the tweak block what its next block needs. An
   * incomplete last block steals from the one before (5.3.2, 5.4.2).
   */
  private static void transformChunk(
      Lane lane, BlockCipher cipher, boolean encrypt, int chunkBytes) {
    byte[] chunk = lane.chunk;
    int tailBytes = chunkBytes % BLOCK_BYTES;
    int last = chunkBytes - tailBytes - BLOCK_BYTES; // the last whole block
    long low = (long) LONG.get(lane.tweakBlock, 0);
    long high = (long) LONG.get(lane.tweakBlock, 8);
    for (int at = 0; at <= last; at += BLOCK_BYTES) {
      long nextLow = low << 1 ^ high >> 63 & TWEAK_POLYNOMIAL;
      long nextHigh = high << 1 | low >>> 63;
      boolean beforeTail = tailBytes > 0 && at == last;
      if (beforeTail && !encrypt) { // decryption takes the last two tweaks in reverse order
        transformBlock(cipher, chunk, at, nextLow, nextHigh);
        swapWithTail(chunk, last, tailBytes);
      }
      transformBlock(cipher, chunk, at, low, high);
      if (beforeTail && encrypt) {
        swapWithTail(chunk, last, tailBytes);
        transformBlock(cipher, chunk, at, nextLow, nextHigh);
      }
      low = nextLow;
      high = nextHigh;
    }
    LONG.set(lane.tweakBlock, 0, low);
    LONG.set(lane.tweakBlock, 8, high);
  }

  private static void transformBlock(
      BlockCipher cipher, byte[] chunk, int at, long low, long high) {
    LONG.set(chunk, at, (long) LONG.get(chunk, at) ^ low);
    LONG.set(chunk, at + 8, (long) LONG.get(chunk, at + 8) ^ high);
    cipher.processBlock(chunk, at, chunk, at);
    LONG.set(chunk, at, (long) LONG.get(chunk, at) ^ low);
    LONG.set(chunk, at + 8, (long) LONG.get(chunk, at + 8) ^ high);
  }

  private static void swapWithTail(byte[] chunk, int last, int tailBytes) {
    for (int i = last; i < last + tailBytes; i++) {
      byte head = chunk[i];
      chunk[i] = chunk[i + BLOCK_BYTES];
      chunk[i + BLOCK_BYTES] = head;
    }
  }
}
