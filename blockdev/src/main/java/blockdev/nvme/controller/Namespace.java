package blockdev.nvme.controller;

import blockdev.media.Medium;

/**
 * Logical blocks that lie one after the other on a medium.
 *
 * @param id 1 or more
 * @param offsetBytes where block 0 starts on the medium
 * @param blocks how many there are
 */
public record Namespace(int id, Medium medium, long offsetBytes, long blocks, LbaFormat format) {
  /** All of {@code medium}, whose capacity must be a multiple of a block. */
  public static Namespace whole(int id, Medium medium, LbaFormat format) {
    long capacityBytes = medium.capacityBytes();
    if (capacityBytes % format.blockBytes() != 0) {
      throw new IllegalArgumentException(
          "the medium's " + capacityBytes + " bytes are no multiple of " + format.blockBytes());
    }
    return new Namespace(id, medium, 0, capacityBytes / format.blockBytes(), format);
  }

  /**
   * Part of a medium.
   *
   * @param capacityBytes a multiple of a block
   */
  public static Namespace part(
      int id, Medium medium, long offsetBytes, long capacityBytes, LbaFormat format) {
    return new Namespace(id, medium, offsetBytes, capacityBytes / format.blockBytes(), format);
  }

  /** Where {@code lba} starts on the medium. */
  long mediumOffset(long lba) {
    return offsetBytes + (lba << format.blockShift());
  }
}
