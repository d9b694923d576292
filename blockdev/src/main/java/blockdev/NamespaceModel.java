package blockdev;

import blockdev.nvme.controller.LbaFormat;

/**
 * A namespace of a device beside its first.
 *
 * @param bytes its share of the medium, a multiple of 4096
 */
public record NamespaceModel(long bytes, LbaFormat format) {
  public NamespaceModel {
    if (bytes < 4096 || bytes % 4096 != 0) {
      throw new IllegalArgumentException(
          "a namespace has a positive multiple of 4096 bytes, not " + bytes);
    }
  }
}
