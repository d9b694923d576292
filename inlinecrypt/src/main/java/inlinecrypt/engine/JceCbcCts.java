package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * CBC with ciphertext stealing over the JDK's AES: variant CS3 of NIST SP 800-38A's addendum
 * (2010), where the last two blocks are always swapped; a unit of one block is plain CBC. The data
 * unit number is the IV.
 *
 * <p>The JDK's own {@code AES/CTS} gives the same bytes, but starts each message with an {@code
 * init} that allocates. The work arrays are small, because names are.
 */
final class JceCbcCts extends LanedCipher<JceCbcCts.Lane> {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 512;

  static final class Lane {
    private final JceCipher encryption;
    private final JceCipher decryption;
    private final byte[] x = new byte[BLOCK_BYTES + BATCH_BYTES]; // ciphertext before, then input
    private final byte[] y = new byte[BATCH_BYTES];
    private final byte[] encrypted = new byte[BLOCK_BYTES]; // last output of encryption
    private final byte[] chain = new byte[BLOCK_BYTES]; // what the next block is chained to

    private Lane(byte[] key) {
      encryption = JceCipher.chainEncryption(key, 0, key.length);
      decryption = JceCipher.chainDecryption(key, 0, key.length);
    }
  }

  private final byte[] key;

  JceCbcCts(CryptoMode mode, MemorySegment key) {
    super(mode);
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(key);
  }

  @Override
  void closeLane(Lane lane) {
    lane.encryption.forgetKey();
    lane.decryption.forgetKey();
    Arrays.fill(lane.x, (byte) 0);
    Arrays.fill(lane.y, (byte) 0);
    Arrays.fill(lane.encrypted, (byte) 0);
    Arrays.fill(lane.chain, (byte) 0);
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
    int headBytes = headBytes(dataUnitSizeBytes);
    int tailBytes = dataUnitSizeBytes - headBytes;
    for (long done = 0; done < lengthBytes; done += dataUnitSizeBytes) {
      setIv(lane, dun0, dun1);
      if (++dun0 == 0) {
        dun1++; // the IV is 16 bytes: further limbs do not reach it
      }
      long from = sourceOffsetBytes + done;
      long to = targetOffsetBytes + done;
      for (int at = 0; at < headBytes; at += BATCH_BYTES) {
        int batchBytes = Math.min(BATCH_BYTES, headBytes - at);
        MemorySegment.copy(
            source, ValueLayout.JAVA_BYTE, from + at, lane.x, BLOCK_BYTES, batchBytes);
        encryptChained(lane, batchBytes);
        MemorySegment.copy(lane.y, 0, target, ValueLayout.JAVA_BYTE, to + at, batchBytes);
      }
      encryptTail(lane, source, from + headBytes, target, to + headBytes, tailBytes);
    }
  }

  /** The last block and a whole or partial one, padded with zeros and swapped; or one block. */
  private static void encryptTail(
      Lane lane,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      int tailBytes) {
    int paddedBytes = tailBytes > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES;
    Arrays.fill(lane.x, BLOCK_BYTES, BLOCK_BYTES + paddedBytes, (byte) 0);
    MemorySegment.copy(
        source, ValueLayout.JAVA_BYTE, sourceOffsetBytes, lane.x, BLOCK_BYTES, tailBytes);
    encryptChained(lane, paddedBytes);
    MemorySegment.copy(
        lane.y,
        paddedBytes - BLOCK_BYTES,
        target,
        ValueLayout.JAVA_BYTE,
        targetOffsetBytes,
        BLOCK_BYTES);
    MemorySegment.copy(
        lane.y,
        0,
        target,
        ValueLayout.JAVA_BYTE,
        targetOffsetBytes + BLOCK_BYTES,
        tailBytes - BLOCK_BYTES);
  }

  /** {@code y} = CBC of {@code x}, chained to {@code chain}, which becomes the last block. */
  private static void encryptChained(Lane lane, int lengthBytes) {
    JceXor.into(lane.x, BLOCK_BYTES, lane.chain, 0, BLOCK_BYTES);
    JceXor.into(lane.x, BLOCK_BYTES, lane.encrypted, 0, BLOCK_BYTES); // what the JDK chains to
    lane.encryption.transform(lane.x, BLOCK_BYTES, lengthBytes, lane.y, 0);
    System.arraycopy(lane.y, lengthBytes - BLOCK_BYTES, lane.encrypted, 0, BLOCK_BYTES);
    System.arraycopy(lane.encrypted, 0, lane.chain, 0, BLOCK_BYTES);
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
    int headBytes = headBytes(dataUnitSizeBytes);
    int tailBytes = dataUnitSizeBytes - headBytes;
    for (long done = 0; done < lengthBytes; done += dataUnitSizeBytes) {
      setIv(lane, dun0, dun1);
      if (++dun0 == 0) {
        dun1++;
      }
      long from = sourceOffsetBytes + done;
      long to = targetOffsetBytes + done;
      for (int at = 0; at < headBytes; at += BATCH_BYTES) {
        int batchBytes = Math.min(BATCH_BYTES, headBytes - at);
        MemorySegment.copy(
            source, ValueLayout.JAVA_BYTE, from + at, lane.x, BLOCK_BYTES, batchBytes);
        decryptChained(lane, batchBytes);
        MemorySegment.copy(lane.y, 0, target, ValueLayout.JAVA_BYTE, to + at, batchBytes);
      }
      decryptTail(lane, source, from + headBytes, target, to + headBytes, tailBytes);
    }
  }

  /** Undoes {@link #encryptTail}. */
  private static void decryptTail(
      Lane lane,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      int tailBytes) {
    byte[] x = lane.x;
    byte[] y = lane.y;
    int partBytes = tailBytes - BLOCK_BYTES;
    if (partBytes > 0) {
      MemorySegment.copy(
          source, ValueLayout.JAVA_BYTE, sourceOffsetBytes, x, BLOCK_BYTES, BLOCK_BYTES);
      decryptBlock(lane); // Z, in the words of the addendum: last plaintext xor what was stolen
      MemorySegment.copy(
          source,
          ValueLayout.JAVA_BYTE,
          sourceOffsetBytes + BLOCK_BYTES,
          x,
          BLOCK_BYTES,
          partBytes);
      System.arraycopy(y, partBytes, x, BLOCK_BYTES + partBytes, BLOCK_BYTES - partBytes);
      JceXor.into(y, 0, x, BLOCK_BYTES, partBytes);
      MemorySegment.copy(
          y, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes + BLOCK_BYTES, partBytes);
    } else {
      MemorySegment.copy(
          source, ValueLayout.JAVA_BYTE, sourceOffsetBytes, x, BLOCK_BYTES, BLOCK_BYTES);
    }
    decryptChained(lane, BLOCK_BYTES);
    MemorySegment.copy(y, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes, BLOCK_BYTES);
  }

  /** {@code y} = CBC⁻¹ of {@code x}, chained to {@code chain}, which becomes the last block. */
  private static void decryptChained(Lane lane, int lengthBytes) {
    byte[] x = lane.x;
    lane.decryption.transform(x, BLOCK_BYTES, lengthBytes, lane.y, 0);
    JceXor.into(lane.y, 0, x, 0, BLOCK_BYTES); // what the JDK chained to
    JceXor.into(lane.y, 0, lane.chain, 0, BLOCK_BYTES);
    System.arraycopy(x, lengthBytes, x, 0, BLOCK_BYTES);
    System.arraycopy(x, 0, lane.chain, 0, BLOCK_BYTES);
  }

  /** {@code y} = AES⁻¹ of the one block in {@code x}. */
  private static void decryptBlock(Lane lane) {
    lane.decryption.transform(lane.x, BLOCK_BYTES, BLOCK_BYTES, lane.y, 0);
    JceXor.into(lane.y, 0, lane.x, 0, BLOCK_BYTES);
    System.arraycopy(lane.x, BLOCK_BYTES, lane.x, 0, BLOCK_BYTES);
  }

  /** Bytes of a data unit in front of the last two blocks, the very last whole or partial. */
  private static int headBytes(int unitBytes) {
    return Math.max(0, (unitBytes - 1) / BLOCK_BYTES - 1) * BLOCK_BYTES;
  }

  private static void setIv(Lane lane, long dun0, long dun1) {
    JceXor.setLong(lane.chain, 0, dun0);
    JceXor.setLong(lane.chain, Long.BYTES, dun1);
  }
}
