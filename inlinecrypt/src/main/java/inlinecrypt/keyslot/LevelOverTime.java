package inlinecrypt.keyslot;

/** A number that goes up and down, its sum over time and its maximum. Not thread-safe. */
final class LevelOverTime {
  private int level;
  private int max;
  private long sum; // until sinceNs
  private long sinceNs;

  /** The level is 0 from {@code nowNs} on. */
  LevelOverTime(long nowNs) {
    sinceNs = nowNs;
  }

  void add(int change, long nowNs) {
    sum = sumAt(nowNs);
    sinceNs = Math.max(sinceNs, nowNs);
    level += change;
    max = Math.max(max, level);
  }

  int level() {
    return level;
  }

  int max() {
    return max;
  }

  /** The sum until {@code nowNs}; another thread may have read its clock a little later. */
  long sumAt(long nowNs) {
    return sum + level * Math.max(0, nowNs - sinceNs);
  }
}
