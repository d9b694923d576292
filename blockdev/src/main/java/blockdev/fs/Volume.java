package blockdev.fs;

import blockdev.queue.BlockDevice;

/**
 * What a filesystem lies on: one device, or one for the contents of files and another for metadata.
 * The second is needed where the first takes no data without a key, as under NVMe's Key Per I/O.
 *
 * @param metadata takes plain data; the same as {@code contents} if there is one device
 */
public record Volume(BlockDevice contents, BlockDevice metadata) {
  /** A filesystem whose metadata lies on the device of its contents. */
  public static Volume on(BlockDevice device) {
    return new Volume(device, device);
  }

  boolean hasMetadataApart() {
    return metadata != contents;
  }

  /** Whether {@link #contents} numbers data units by their addresses, and takes no plain data. */
  boolean isAddressed() {
    return contents.profile().dunIsAddress();
  }

  static long blocks(BlockDevice device) {
    return device.capacitySectors() / (Superblock.BLOCK_BYTES / 512);
  }
}
