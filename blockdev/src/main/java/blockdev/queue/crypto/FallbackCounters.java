package blockdev.queue.crypto;

/**
 * What the software fallback has done so far.
 *
 * @param writes bios that were encrypted, or should have been
 * @param reads bios that were read for decryption
 * @param encryptedBios bios that went to devices with ciphertext of the writes
 * @param pageWaits times that encryption had to wait for bounce pages
 */
public record FallbackCounters(long writes, long reads, long encryptedBios, long pageWaits) {
  static final FallbackCounters NONE = new FallbackCounters(0, 0, 0, 0);

  FallbackCounters plus(FallbackCounters other) {
    return new FallbackCounters(
        writes + other.writes,
        reads + other.reads,
        encryptedBios + other.encryptedBios,
        pageWaits + other.pageWaits);
  }
}
