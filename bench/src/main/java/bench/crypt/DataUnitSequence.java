package bench.crypt;

import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IvScheme;
import java.lang.foreign.MemorySegment;

/**
 * The data units of one file, one after the other: each call takes up where the last one ended.
 * Nothing is copied, and memory does not grow with the file.
 */
final class DataUnitSequence {
  private final DataUnitCipher cipher;
  private final IvScheme ivs;
  private final int dataUnitSizeBytes;
  private final boolean decrypt;
  private long nextIndex;

  DataUnitSequence(
      DataUnitCipher cipher,
      IvScheme ivs,
      int dataUnitSizeBytes,
      long firstIndex,
      boolean decrypt) {
    this.cipher = cipher;
    this.ivs = ivs;
    this.dataUnitSizeBytes = dataUnitSizeBytes;
    this.nextIndex = firstIndex;
    this.decrypt = decrypt;
  }

  /** Transforms the next data units in place. The last of a file may be shorter. */
  void transform(MemorySegment data) {
    long at = 0;
    long left = data.byteSize();
    while (left > 0) {
      long units = Math.max(1, left / dataUnitSizeBytes);
      long contiguous = ivs.contiguousUnits(nextIndex);
      if (Long.compareUnsigned(contiguous, units) < 0) {
        units = contiguous;
      }
      long runBytes = Math.min(left, units * dataUnitSizeBytes);
      run(data.asSlice(at, runBytes), (int) Math.min(runBytes, dataUnitSizeBytes));
      nextIndex += units;
      at += runBytes;
      left -= runBytes;
    }
  }

  private void run(MemorySegment data, int unitBytes) {
    long limb0 = ivs.limb0(nextIndex);
    long limb1 = ivs.limb1();
    long limb2 = ivs.limb2();
    long bytes = data.byteSize();
    if (decrypt) {
      cipher.decrypt(limb0, limb1, limb2, 0, unitBytes, data, 0, data, 0, bytes);
    } else {
      cipher.encrypt(limb0, limb1, limb2, 0, unitBytes, data, 0, data, 0, bytes);
    }
  }
}
