package blockdev.nvme.controller;

import java.util.List;

/**
 * How a namespace divides its bytes, and what of them belongs to each logical block beside its
 * data.
 *
 * @param blockBytes data of a logical block: 512 or 4096
 * @param metadataBytes of a logical block: 0, or with blocks of 4096 bytes 8, 16 or 64
 * @param isExtended whether metadata follows the data of its block in the host's buffers, else they
 *     have a buffer of their own
 * @param protectionType 0 for none, or 1: eight bytes of the metadata are protection information of
 *     type 1 with a 16-bit guard
 * @param protectionFirst whether those are the first bytes of the metadata, else the last
 */
public record LbaFormat(
    int blockBytes,
    int metadataBytes,
    boolean isExtended,
    int protectionType,
    boolean protectionFirst) {
  /** Bytes of protection information with a 16-bit guard. */
  static final int PROTECTION_BYTES = 8;

  /**
   * The formats that Identify Namespace lists and Format NVM selects, by index: without protection
   * information, and with metadata in a buffer of its own.
   */
  public static final List<LbaFormat> SUPPORTED =
      List.of(
          new LbaFormat(512),
          new LbaFormat(4096),
          new LbaFormat(4096, 16),
          new LbaFormat(4096, 64),
          new LbaFormat(4096, 8));

  /** Without metadata. */
  public LbaFormat(int blockBytes) {
    this(blockBytes, 0);
  }

  /** With metadata in a buffer of its own, and without protection information. */
  public LbaFormat(int blockBytes, int metadataBytes) {
    this(blockBytes, metadataBytes, false, 0, false);
  }

  public LbaFormat {
    if (blockBytes != 512 && blockBytes != 4096) {
      throw new IllegalArgumentException("blocks have 512 or 4096 bytes, not " + blockBytes);
    }
    boolean known =
        switch (metadataBytes) {
          case 0 -> !isExtended;
          case 8, 16, 64 -> blockBytes == 4096;
          default -> false;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "no blocks of "
              + blockBytes
              + " bytes have "
              + metadataBytes
              + (isExtended ? " bytes of metadata behind them" : " bytes of metadata"));
    }
    if (protectionType != 0 && (protectionType != 1 || metadataBytes == 0)) {
      throw new IllegalArgumentException(
          "no protection information of type "
              + protectionType
              + " in "
              + metadataBytes
              + " bytes of metadata");
    }
    if (protectionFirst && protectionType == 0) {
      throw new IllegalArgumentException("there is no protection information to be first");
    }
  }

  /** Extended or separate, the same otherwise. */
  public LbaFormat withExtended(boolean extended) {
    return new LbaFormat(blockBytes, metadataBytes, extended, protectionType, protectionFirst);
  }

  /** With protection information of type 1 in the first or the last bytes of the metadata. */
  public LbaFormat withProtection(boolean first) {
    return new LbaFormat(blockBytes, metadataBytes, isExtended, 1, first);
  }

  /** Which of {@link #SUPPORTED} this is. */
  int index() {
    return SUPPORTED.indexOf(new LbaFormat(blockBytes, metadataBytes));
  }

  int blockShift() {
    return Integer.numberOfTrailingZeros(blockBytes);
  }

  boolean hasProtection() {
    return protectionType != 0;
  }

  /** Where protection information starts in the metadata of a block. */
  int protectionOffset() {
    return protectionFirst ? 0 : metadataBytes - PROTECTION_BYTES;
  }

  /** Bytes of metadata that the guard covers, from the first on. */
  int guardedMetadataBytes() {
    return protectionOffset();
  }

  /** Bytes of metadata that a command moves to or from the host for each block. */
  int wireMetadataBytes(boolean protectionAction) {
    return protectionAction && hasProtection() && metadataBytes == PROTECTION_BYTES
        ? 0
        : metadataBytes;
  }
}
