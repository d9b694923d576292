package blockdev.nvme.controller;

import blockdev.media.Medium;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What blocks held at one instant, with their metadata and what was known of them.
 *
 * @param data empty where the medium carries none, as are {@code metadata}
 */
record BlockImage(
    Namespace namespace, long lba, int blocks, byte[] data, byte[] metadata, int[] marks) {
  static BlockImage of(Namespace namespace, long lba, int blocks) {
    Medium medium = namespace.medium();
    byte[] data = {};
    byte[] metadata = {};
    if (medium.carriesBytes()) {
      data = bytes(medium, namespace.mediumOffset(lba), (long) blocks << namespace.blockShift());
      metadata =
          bytes(medium, namespace.metadataOffset(lba), (long) blocks * namespace.metadataBytes());
    }
    int[] marks = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      marks[i] = namespace.mark(lba + i);
    }
    return new BlockImage(namespace, lba, blocks, data, metadata, marks);
  }

  private static byte[] bytes(Medium medium, long offsetBytes, long lengthBytes) {
    return medium.segment().asSlice(offsetBytes, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Puts the blocks back from {@code firstLba} on, as if they had never been written. */
  void restoreFrom(long firstLba) {
    put((int) (firstLba - lba), firstLba);
  }

  /** Writes the blocks to {@code target} and on. */
  void writeTo(long target) {
    namespace.beforeWrite(target, blocks);
    put(0, target);
  }

  private void put(int from, long target) {
    if (namespace.medium().carriesBytes()) {
      put(data, from << namespace.blockShift(), namespace.mediumOffset(target));
      put(metadata, from * namespace.metadataBytes(), namespace.metadataOffset(target));
    }
    for (int i = from; i < blocks; i++) {
      namespace.restoreMark(target + i - from, marks[i]);
    }
  }

  private void put(byte[] bytes, int from, long offsetBytes) {
    MemorySegment.copy(
        bytes,
        from,
        namespace.medium().segment(),
        ValueLayout.JAVA_BYTE,
        offsetBytes,
        bytes.length - from);
  }
}
