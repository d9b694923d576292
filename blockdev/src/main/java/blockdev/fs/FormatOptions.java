package blockdev.fs;

/**
 * What is decided when a filesystem is made.
 *
 * @param maxExtentBytes a multiple of 4096, up to {@link #LARGEST_EXTENT_BYTES}
 */
public record FormatOptions(
    StrategyKind strategy, ContentsCrypto contentsCrypto, long maxExtentBytes) {
  /** With blocks of 4096 bytes, data unit numbers of the largest extent take 2 bytes. */
  public static final long LARGEST_EXTENT_BYTES = 128L << 20;

  public FormatOptions {
    if (maxExtentBytes < Superblock.BLOCK_BYTES
        || maxExtentBytes > LARGEST_EXTENT_BYTES
        || maxExtentBytes % Superblock.BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "maxExtentBytes must be a multiple of 4096 from 4096 to 128 MiB, is " + maxExtentBytes);
    }
  }

  public static FormatOptions of(StrategyKind strategy) {
    return new FormatOptions(strategy, ContentsCrypto.DEVICE, LARGEST_EXTENT_BYTES);
  }
}
