package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * HCTR2 over the JDK's AES (Crowley, Huckleberry and Biggers, Length-preserving encryption with
 * HCTR2, 2021, figure 1; names are the paper's). All four limbs of the data unit number are the
 * tweak.
 *
 * <p>A data unit is read twice: once for the hash of what comes in, once to be transformed and
 * hashed again. Its first block is written last.
 */
final class JceHctr2 extends LanedCipher<JceHctr2.Lane> {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 4096;
  private static final int TWEAK_BITS = 256;

  static final class Lane {
    private final JceCipher encryption;
    private final JceCipher decryption;
    private final JcePolyval hash = JcePolyval.polyval();
    private final long keyLow; // L of the paper
    private final long keyHigh;
    private final byte[] head = new byte[2 * BLOCK_BYTES]; // ciphertext before, then a first block
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] counters = new byte[BATCH_BYTES];
    private final byte[] stream = new byte[BATCH_BYTES];
    private final byte[] data = new byte[BATCH_BYTES + 1]; // one more for the end of the message

    private Lane(byte[] key) {
      encryption = JceCipher.blockEncryption(key, 0, key.length);
      decryption = JceCipher.chainDecryption(key, 0, key.length);
      JceXor.setLong(counters, BLOCK_BYTES, 1);
      encryption.transform(counters, 0, 2 * BLOCK_BYTES, stream, 0);
      hash.setKey(stream, 0);
      keyLow = JceXor.getLong(stream, BLOCK_BYTES);
      keyHigh = JceXor.getLong(stream, BLOCK_BYTES + Long.BYTES);
    }

    private void wipe() {
      encryption.forgetKey();
      decryption.forgetKey();
      hash.wipe();
      for (byte[] array : new byte[][] {head, block, counters, stream, data}) {
        Arrays.fill(array, (byte) 0);
      }
    }
  }

  private final byte[] key;

  JceHctr2(CryptoMode mode, MemorySegment key) {
    super(mode);
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
    transformUnits(
        lane,
        true,
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
        lane,
        false,
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
      Lane lane,
      boolean encrypt,
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
    for (long done = 0; done < lengthBytes; done += unitBytes) {
      transformUnit(
          lane,
          encrypt,
          dun0,
          dun1,
          dun2,
          dun3,
          unitBytes,
          source,
          sourceOffsetBytes + done,
          target,
          targetOffsetBytes + done);
      if (++dun0 == 0 && ++dun1 == 0 && ++dun2 == 0) {
        dun3++;
      }
    }
  }

  private static void transformUnit(
      Lane lane,
      boolean encrypt,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes) {
    JcePolyval hash = lane.hash;
    int bulkBytes = unitBytes - BLOCK_BYTES;
    long sourceBulk = sourceOffsetBytes + BLOCK_BYTES;
    startHash(hash, bulkBytes, dun0, dun1, dun2, dun3);
    for (int at = 0; at < bulkBytes; at += BATCH_BYTES) {
      int batchBytes = Math.min(BATCH_BYTES, bulkBytes - at);
      MemorySegment.copy(
          source, ValueLayout.JAVA_BYTE, sourceBulk + at, lane.data, 0, batchBytes);
      updateHash(lane, batchBytes);
    }
    // MM = M xor H(T, N), UU = E(MM); to decrypt, UU = U xor H(T, V), MM = D(UU)
    byte[] head = lane.head;
    MemorySegment.copy(
        source, ValueLayout.JAVA_BYTE, sourceOffsetBytes, head, BLOCK_BYTES, BLOCK_BYTES);
    long inLow = JceXor.getLong(head, BLOCK_BYTES) ^ hash.resultLow();
    long inHigh = JceXor.getLong(head, BLOCK_BYTES + Long.BYTES) ^ hash.resultHigh();
    JceXor.setLong(head, BLOCK_BYTES, inLow);
    JceXor.setLong(head, BLOCK_BYTES + Long.BYTES, inHigh);
    applyAes(lane, encrypt);
    long outLow = JceXor.getLong(lane.block, 0);
    long outHigh = JceXor.getLong(lane.block, Long.BYTES);
    // S = MM xor UU xor L
    long streamLow = inLow ^ outLow ^ lane.keyLow;
    long streamHigh = inHigh ^ outHigh ^ lane.keyHigh;
    startHash(hash, bulkBytes, dun0, dun1, dun2, dun3);
    long counter = 1;
    for (int at = 0; at < bulkBytes; at += BATCH_BYTES) {
      int batchBytes = Math.min(BATCH_BYTES, bulkBytes - at);
      MemorySegment.copy(
          source, ValueLayout.JAVA_BYTE, sourceBulk + at, lane.data, 0, batchBytes);
      counter = xorStream(lane, streamLow, streamHigh, counter, batchBytes);
      MemorySegment.copy(
          lane.data,
          0,
          target,
          ValueLayout.JAVA_BYTE,
          targetOffsetBytes + BLOCK_BYTES + at,
          batchBytes);
      updateHash(lane, batchBytes);
    }
    // U = UU xor H(T, V), or M = MM xor H(T, N)
    JceXor.setLong(lane.block, 0, outLow ^ hash.resultLow());
    JceXor.setLong(lane.block, Long.BYTES, outHigh ^ hash.resultHigh());
    MemorySegment.copy(
        lane.block, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes, BLOCK_BYTES);
  }

  /** Hashes what stands before the message: whether it is of whole blocks, and the tweak. */
  private static void startHash(
      JcePolyval hash, int bulkBytes, long dun0, long dun1, long dun2, long dun3) {
    hash.reset();
    hash.update(2 * TWEAK_BITS + (bulkBytes % BLOCK_BYTES == 0 ? 2 : 3), 0);
    hash.update(dun0, dun1);
    hash.update(dun2, dun3);
  }

  /** Hashes {@code data}, a batch or the end; a partial block at the end gets a one and zeros. */
  private static void updateHash(Lane lane, int batchBytes) {
    int hashedBytes = batchBytes;
    if (batchBytes % BLOCK_BYTES != 0) {
      lane.data[hashedBytes++] = 1;
    }
    lane.hash.update(lane.data, 0, hashedBytes);
  }

  /** XCTR (figure 2): {@code data} xor the encrypted counters from {@code counter} on. */
  private static long xorStream(
      Lane lane, long streamLow, long streamHigh, long counter, int lengthBytes) {
    int streamBytes = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    for (int at = 0; at < streamBytes; at += BLOCK_BYTES) {
      JceXor.setLong(lane.counters, at, streamLow ^ counter++);
      JceXor.setLong(lane.counters, at + Long.BYTES, streamHigh);
    }
    lane.encryption.transform(lane.counters, 0, streamBytes, lane.stream, 0);
    JceXor.into(lane.data, 0, lane.stream, 0, lengthBytes);
    return counter;
  }

  /** {@code block} = AES or its inverse of the block at the end of {@code head}. */
  private static void applyAes(Lane lane, boolean encrypt) {
    byte[] head = lane.head;
    if (encrypt) {
      lane.encryption.transform(head, BLOCK_BYTES, BLOCK_BYTES, lane.block, 0);
    } else {
      lane.decryption.transform(head, BLOCK_BYTES, BLOCK_BYTES, lane.block, 0);
      JceXor.into(lane.block, 0, head, 0, BLOCK_BYTES); // what the JDK chained to
      System.arraycopy(head, BLOCK_BYTES, head, 0, BLOCK_BYTES);
    }
  }
}
