package blockdev.trace;

/**
 * A running 64-bit hash of what one queue did. Two runs with equal hashes had the same commands,
 * slots and times; payload bytes do not enter it.
 */
public final class EventLog {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd

  private long hash;
  private long count;

  /** Notes one event; {@code slot} is −1 where there is none. */
  public void add(
      long timeNs,
      int opcode,
      int commandId,
      int slot,
      long dun0,
      long dun1,
      long lba,
      int blocks,
      int status) {
    long h = hash;
    h = mix(h, timeNs);
    h = mix(h, (long) opcode << 48 | (long) (status & 0xFFFF) << 32 | commandId);
    h = mix(h, (long) slot << 32 | blocks);
    h = mix(h, dun0);
    h = mix(h, dun1);
    h = mix(h, lba);
    hash = h;
    count++;
  }

  public long hash() {
    return mix(hash, count);
  }

  /** Folds the hash of another queue's log into {@code hash}; the order of folding matters. */
  public static long fold(long hash, EventLog other) {
    return mix(hash, other.hash());
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * MULTIPLIER;
    return mixed ^ (mixed >>> 32);
  }
}
