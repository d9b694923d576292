package blockdev.nvme.controller;

import blockdev.media.Medium;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What blocks held at one instant.
 *
 * @param bytes empty where the medium carries none
 */
record BlockImage(Namespace namespace, long lba, byte[] bytes) {
  static BlockImage of(Namespace namespace, long lba, int blocks) {
    Medium medium = namespace.medium();
    if (!medium.carriesBytes()) {
      return new BlockImage(namespace, lba, new byte[0]);
    }
    long lengthBytes = (long) blocks << namespace.format().blockShift();
    return new BlockImage(
        namespace,
        lba,
        medium
            .segment()
            .asSlice(namespace.mediumOffset(lba), lengthBytes)
            .toArray(ValueLayout.JAVA_BYTE));
  }

  /** Puts the blocks back from {@code firstLba} on, as if they had never been written. */
  void restoreFrom(long firstLba) {
    put(
        (int) (firstLba - lba << namespace.format().blockShift()),
        namespace.mediumOffset(firstLba));
  }

  /** Writes the blocks to {@code target} and on. */
  void writeTo(long target) {
    namespace.medium().beforeWrite(namespace.mediumOffset(target), bytes.length);
    put(0, namespace.mediumOffset(target));
  }

  private void put(int from, long offsetBytes) {
    if (bytes.length > 0) {
      MemorySegment.copy(
          bytes,
          from,
          namespace.medium().segment(),
          ValueLayout.JAVA_BYTE,
          offsetBytes,
          bytes.length - from);
    }
  }
}
