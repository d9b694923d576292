package blockdev.nvme.controller;

/**
 * How a namespace divides its bytes.
 *
 * @param blockBytes data of a logical block: 512 or 4096
 */
public record LbaFormat(int blockBytes) {
  public LbaFormat {
    if (blockBytes != 512 && blockBytes != 4096) {
      throw new IllegalArgumentException("blocks have 512 or 4096 bytes, not " + blockBytes);
    }
  }

  int blockShift() {
    return Integer.numberOfTrailingZeros(blockBytes);
  }
}
