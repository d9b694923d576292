package blockdev.nvme.controller;

/** How long formatting and sanitizing take. All values are assumed, nobody publishes them. */
final class EraseTiming {
  /** To replace a media key, or to forget a mapping. */
  static final long CRYPTO_ERASE_NS = 200_000_000;

  private static final long ERASED_BYTES_PER_SECOND = 20_000_000_000L;
  private static final long WRITTEN_BYTES_PER_SECOND = 500_000_000L;
  private static final double NS_PER_SECOND = 1e9;

  private EraseTiming() {}

  static long blockEraseNs(long bytes) {
    return CRYPTO_ERASE_NS + (long) (bytes * NS_PER_SECOND / ERASED_BYTES_PER_SECOND);
  }

  static long overwriteNs(long bytes, int passes) {
    return CRYPTO_ERASE_NS + (long) (passes * bytes * NS_PER_SECOND / WRITTEN_BYTES_PER_SECOND);
  }
}
