package inlinecrypt.keyslot.replacement;

import inlinecrypt.CryptoKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often keys were used lately: when enough uses are counted, all counts are halved. */
final class AgedCounts {
  private static final int MAX_COUNT = 15; // four bits

  private final Map<CryptoKey, Integer> counts = new LinkedHashMap<>();
  private final long sampleUses;
  private long uses;

  /**
   * @param sampleUses uses at which the counts are halved
   */
  AgedCounts(long sampleUses) {
    this.sampleUses = sampleUses;
  }

  int count(CryptoKey key) {
    return counts.getOrDefault(key, 0);
  }

  void add(CryptoKey key, long newUses) {
    counts.put(key, (int) Math.min(MAX_COUNT, count(key) + newUses));
    uses += newUses;
  }

  /** Halves all counts if enough uses were counted. */
  void age() {
    if (uses >= sampleUses) {
      counts.replaceAll((key, count) -> count / 2);
      counts.values().removeIf(count -> count == 0);
      uses /= 2;
    }
  }

  void forget(CryptoKey key) {
    counts.remove(key);
  }
}
