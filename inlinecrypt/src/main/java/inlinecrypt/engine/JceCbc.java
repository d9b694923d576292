package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * CBC over the JDK's AES (NIST SP 800-38A, 6.2), with the data unit number or its encryption as IV
 * (ESSIV: Fruhwirth, New Methods in Hard Disk Encryption, 2005, 4.2).
 *
 * <p>One data unit can only be encrypted block after block, so up to {@value #COLUMNS} units are
 * encrypted side by side: block b of all of them in one call of AES, which is about three times as
 * fast as one after another. Decryption of many units is one run of the JDK's CBC, where the first
 * block of each unit has the IV put right afterwards. A unit longer than its share of the work
 * arrays goes in pieces.
 */
final class JceCbc extends LanedCipher<JceCbc.Lane> {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 4096;
  private static final int COLUMNS = 32;

  static final class Lane {
    private final JceCipher encryption;
    private final JceCipher decryption;
    private final @Nullable JceCipher numberEncryption; // null: the number itself is the IV
    private final byte[] x = new byte[BLOCK_BYTES + BATCH_BYTES]; // block before, then input
    private final byte[] y = new byte[BATCH_BYTES];
    private final byte[] row = new byte[COLUMNS * BLOCK_BYTES]; // a block of each unit, for AES
    private final byte[] chain = new byte[COLUMNS * BLOCK_BYTES]; // IV or last ciphertext of each

    private Lane(byte[] key, byte @Nullable [] numberKey) {
      encryption = JceCipher.blockEncryption(key, 0, key.length);
      decryption = JceCipher.chainDecryption(key, 0, key.length);
      numberEncryption =
          numberKey == null ? null : JceCipher.blockEncryption(numberKey, 0, numberKey.length);
    }
  }

  private final byte[] key;
  private final byte @Nullable [] numberKey;

  private JceCbc(CryptoMode mode, byte[] key, byte @Nullable [] numberKey) {
    super(mode);
    this.key = key;
    this.numberKey = numberKey;
  }

  /** The data unit number is the IV. */
  static JceCbc plain(CryptoMode mode, MemorySegment key) {
    return new JceCbc(mode, key.toArray(ValueLayout.JAVA_BYTE), null);
  }

  /** The IV is the data unit number encrypted with SHA-256 of the key. */
  static JceCbc essiv(CryptoMode mode, MemorySegment key) {
    byte[] bytes = key.toArray(ValueLayout.JAVA_BYTE);
    return new JceCbc(mode, bytes, EssivKey.of(bytes));
  }

  @Override
  Lane openLane() {
    return new Lane(key, numberKey);
  }

  @Override
  void closeLane(Lane lane) {
    lane.encryption.forgetKey();
    lane.decryption.forgetKey();
    if (lane.numberEncryption != null) {
      lane.numberEncryption.forgetKey();
    }
    Arrays.fill(lane.x, (byte) 0);
    Arrays.fill(lane.y, (byte) 0);
    Arrays.fill(lane.row, (byte) 0);
    Arrays.fill(lane.chain, (byte) 0);
  }

  @Override
  void closeKey() {
    Arrays.fill(key, (byte) 0);
    if (numberKey != null) {
      Arrays.fill(numberKey, (byte) 0);
    }
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
      int units = (int) Math.min(COLUMNS, (lengthBytes - done) / dataUnitSizeBytes);
      makeIvs(lane, dun0, dun1, units);
      int pieceBytes = Math.min(dataUnitSizeBytes, BATCH_BYTES / units & -BLOCK_BYTES);
      for (int at = 0; at < dataUnitSizeBytes; at += pieceBytes) {
        encryptPieces(
            lane,
            units,
            Math.min(pieceBytes, dataUnitSizeBytes - at),
            dataUnitSizeBytes,
            source,
            sourceOffsetBytes + done + at,
            target,
            targetOffsetBytes + done + at);
      }
      done += (long) units * dataUnitSizeBytes;
      dun0 += units;
      if (Long.compareUnsigned(dun0, units) < 0) {
        dun1++; // the IV is 16 bytes: further limbs do not reach it
      }
    }
  }

  /** Encrypts a piece of each of {@code units} data units, going on from {@code chain}. */
  private static void encryptPieces(
      Lane lane,
      int units,
      int pieceBytes,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes) {
    for (int unit = 0; unit < units; unit++) {
      MemorySegment.copy(
          source,
          ValueLayout.JAVA_BYTE,
          sourceOffsetBytes + (long) unit * unitBytes,
          lane.x,
          BLOCK_BYTES + unit * pieceBytes,
          pieceBytes);
    }
    encryptRows(lane, units, pieceBytes);
    for (int unit = 0; unit < units; unit++) {
      MemorySegment.copy(
          lane.y,
          unit * pieceBytes,
          target,
          ValueLayout.JAVA_BYTE,
          targetOffsetBytes + (long) unit * unitBytes,
          pieceBytes);
    }
  }

  private static void encryptRows(Lane lane, int units, int pieceBytes) {
    byte[] row = lane.row;
    byte[] chain = lane.chain;
    int rowBytes = units * BLOCK_BYTES;
    for (int block = 0; block < pieceBytes; block += BLOCK_BYTES) {
      for (int column = 0, at = block; column < rowBytes; column += BLOCK_BYTES, at += pieceBytes) {
        JceXor.setLong(
            row, column, JceXor.getLong(lane.x, BLOCK_BYTES + at) ^ JceXor.getLong(chain, column));
        JceXor.setLong(
            row,
            column + Long.BYTES,
            JceXor.getLong(lane.x, BLOCK_BYTES + at + Long.BYTES)
                ^ JceXor.getLong(chain, column + Long.BYTES));
      }
      lane.encryption.transform(row, 0, rowBytes, chain, 0);
      for (int column = 0, at = block; column < rowBytes; column += BLOCK_BYTES, at += pieceBytes) {
        JceXor.setLong(lane.y, at, JceXor.getLong(chain, column));
        JceXor.setLong(lane.y, at + Long.BYTES, JceXor.getLong(chain, column + Long.BYTES));
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
    int unitsPerBatch = Math.clamp(BATCH_BYTES / dataUnitSizeBytes, 1, COLUMNS);
    for (long done = 0; done < lengthBytes; ) {
      int units = (int) Math.min(unitsPerBatch, (lengthBytes - done) / dataUnitSizeBytes);
      makeIvs(lane, dun0, dun1, units);
      long batchBytes = (long) units * dataUnitSizeBytes;
      for (long at = 0; at < batchBytes; at += BATCH_BYTES) {
        decryptRun(
            lane,
            at == 0 ? units : 0,
            dataUnitSizeBytes,
            source,
            sourceOffsetBytes + done + at,
            target,
            targetOffsetBytes + done + at,
            (int) Math.min(BATCH_BYTES, batchBytes - at));
      }
      done += batchBytes;
      dun0 += units;
      if (Long.compareUnsigned(dun0, units) < 0) {
        dun1++;
      }
    }
  }

  /** Decrypts a run of which {@code startingUnits} data units start in it, the first at once. */
  private static void decryptRun(
      Lane lane,
      int startingUnits,
      int unitBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      int lengthBytes) {
    byte[] x = lane.x;
    byte[] y = lane.y;
    MemorySegment.copy(
        source, ValueLayout.JAVA_BYTE, sourceOffsetBytes, x, BLOCK_BYTES, lengthBytes);
    lane.decryption.transform(x, BLOCK_BYTES, lengthBytes, y, 0);
    for (int unit = 0; unit < startingUnits; unit++) {
      JceXor.into(y, unit * unitBytes, x, unit * unitBytes, BLOCK_BYTES);
      JceXor.into(y, unit * unitBytes, lane.chain, unit * BLOCK_BYTES, BLOCK_BYTES);
    }
    System.arraycopy(x, lengthBytes, x, 0, BLOCK_BYTES);
    MemorySegment.copy(y, 0, target, ValueLayout.JAVA_BYTE, targetOffsetBytes, lengthBytes);
  }

  /** Puts the IVs of {@code units} data units into {@code chain}. */
  private static void makeIvs(Lane lane, long dun0, long dun1, int units) {
    byte[] numbers = lane.numberEncryption == null ? lane.chain : lane.row;
    for (int at = 0; at < units * BLOCK_BYTES; at += BLOCK_BYTES) {
      JceXor.setLong(numbers, at, dun0);
      JceXor.setLong(numbers, at + Long.BYTES, dun1);
      if (++dun0 == 0) {
        dun1++;
      }
    }
    if (lane.numberEncryption != null) {
      lane.numberEncryption.transform(numbers, 0, units * BLOCK_BYTES, lane.chain, 0);
    }
  }
}
