package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What all keyed data unit ciphers share: checks of the arguments, and lanes. Subclasses hold the
 * transform.
 *
 * @param <L> the lane
 */
abstract class LanedCipher<L> extends Laned<L> implements DataUnitCipher {
  private static final int CIPHER_BLOCK_BYTES = 16;
  private static final int MAX_DATA_UNIT_BYTES = 1 << 24; // IEEE Std 1619, 5.1: 2^20 blocks

  private final CryptoMode mode;

  LanedCipher(CryptoMode mode) {
    this.mode = mode;
  }

  /**
   * Encrypts whole data units, at least one. Arguments are checked: ranges are accessible and
   * either equal or disjoint.
   */
  abstract void encryptUnits(
      L lane,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes);

  /** Decrypts whole data units, as {@link #encryptUnits} encrypts them. */
  abstract void decryptUnits(
      L lane,
      long dun0,
      long dun1,
      long dun2,
      long dun3,
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes);

  @Override
  public final void encrypt(
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
    check(dataUnitSizeBytes, source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    int index = claim();
    try {
      if (lengthBytes > 0) {
        encryptUnits(
            lane(index),
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
    } finally {
      release(index);
    }
  }

  @Override
  public final void decrypt(
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
    check(dataUnitSizeBytes, source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    int index = claim();
    try {
      if (lengthBytes > 0) {
        decryptUnits(
            lane(index),
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
    } finally {
      release(index);
    }
  }

  private void check(
      int dataUnitSizeBytes,
      MemorySegment source,
      long sourceOffsetBytes,
      MemorySegment target,
      long targetOffsetBytes,
      long lengthBytes) {
    checkDataUnitSize(dataUnitSizeBytes);
    if (lengthBytes % dataUnitSizeBytes != 0) {
      throw new IllegalArgumentException(
          "lengthBytes must be a multiple of the data unit size "
              + dataUnitSizeBytes
              + ", is "
              + lengthBytes);
    }
    Objects.checkFromIndexSize(sourceOffsetBytes, lengthBytes, source.byteSize());
    Objects.checkFromIndexSize(targetOffsetBytes, lengthBytes, target.byteSize());
    Segments.checkWritable(target, "target");
    if (lengthBytes > 0) {
      Segments.checkAccess(source, sourceOffsetBytes);
      Segments.checkAccess(target, targetOffsetBytes);
      Segments.checkNoPartialOverlap(
          source, sourceOffsetBytes, target, targetOffsetBytes, lengthBytes);
    }
  }

  private void checkDataUnitSize(int dataUnitSizeBytes) {
    if (dataUnitSizeBytes >= CIPHER_BLOCK_BYTES
        && dataUnitSizeBytes <= MAX_DATA_UNIT_BYTES
        && (mode.takesAnyLength() || dataUnitSizeBytes % CIPHER_BLOCK_BYTES == 0)) {
      return;
    }
    throw new IllegalArgumentException(
        "dataUnitSizeBytes must be "
            + (mode.takesAnyLength() ? "" : "a multiple of 16 ")
            + "from 16 to 2^24 for "
            + mode
            + ", is "
            + dataUnitSizeBytes);
  }
}
