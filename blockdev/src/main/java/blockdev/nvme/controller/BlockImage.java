package blockdev.nvme.controller;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What blocks held on the medium at one instant, their metadata included.
 *
 * @param data empty where the medium carries no bytes
 * @param metadata likewise, and where blocks have none
 */
record BlockImage(Namespace namespace, long lba, byte[] data, byte[] metadata) {
  static BlockImage of(Namespace namespace, long lba, int blocks) {
    if (!namespace.medium().carriesBytes()) {
      return new BlockImage(namespace, lba, new byte[0], new byte[0]);
    }
    return new BlockImage(
        namespace,
        lba,
        bytes(namespace, namespace.mediumOffset(lba), (long) blocks << namespace.blockShift()),
        bytes(namespace, namespace.metadataOffset(lba), (long) blocks * namespace.metadataBytes()));
  }

  private static byte[] bytes(Namespace namespace, long offset, long length) {
    return namespace.medium().segment().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Puts the blocks back from {@code firstLba} on, as if they had never been written. */
  void restoreFrom(long firstLba) {
    put((int) (firstLba - lba), firstLba);
  }

  /** Writes the blocks to {@code target} and on. */
  void writeTo(long target) {
    namespace.beforeWrite(target, data.length >>> namespace.blockShift());
    put(0, target);
  }

  private void put(int firstBlock, long target) {
    put(data, firstBlock << namespace.blockShift(), namespace.mediumOffset(target));
    put(metadata, firstBlock * namespace.metadataBytes(), namespace.metadataOffset(target));
  }

  private void put(byte[] bytes, int from, long offset) {
    if (bytes.length > 0) {
      MemorySegment medium = namespace.medium().segment();
      MemorySegment.copy(bytes, from, medium, ValueLayout.JAVA_BYTE, offset, bytes.length - from);
    }
  }
}
