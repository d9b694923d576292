package blockdev.nvme.controller;

import java.util.List;

/**
 * How a namespace divides its bytes.
 *
 * @param blockBytes data of a logical block: 512 or 4096
 */
public record LbaFormat(int blockBytes) {
  /** The formats that Identify Namespace lists and Format NVM selects, by index. */
  public static final List<LbaFormat> SUPPORTED = List.of(new LbaFormat(512), new LbaFormat(4096));

  public LbaFormat {
    if (blockBytes != 512 && blockBytes != 4096) {
      throw new IllegalArgumentException("blocks have 512 or 4096 bytes, not " + blockBytes);
    }
  }

  /** Which of {@link #SUPPORTED} this is. */
  int index() {
    return SUPPORTED.indexOf(this);
  }

  int blockShift() {
    return Integer.numberOfTrailingZeros(blockBytes);
  }
}
