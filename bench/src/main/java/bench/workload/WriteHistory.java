package bench.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every write of every data unit, and what of it must outlive a loss of power: by the rules of a
 * volatile write cache, what had completed when a flush was submitted that has completed, or
 * something newer. Writes of one unit follow one another.
 */
final class WriteHistory {
  /** A unit that was never written. */
  static final int NEVER = 0;

  private static final long NOT_COMPLETED = Long.MAX_VALUE;

  private final int[] newest; // by unit: its last entry in what follows; 0: none
  private int entries = 1;
  private int[] write = new int[1024]; // by entry
  private int[] older = new int[1024];
  private long[] completion = new long[1024];
  private long completions;
  private long durable; // completions that a flush covered

  WriteHistory(int units) {
    newest = new int[units];
  }

  void submitted(int unit, int number) {
    if (entries == write.length) {
      write = Arrays.copyOf(write, 2 * entries);
      older = Arrays.copyOf(older, 2 * entries);
      completion = Arrays.copyOf(completion, 2 * entries);
    }
    write[entries] = number;
    older[entries] = newest[unit];
    completion[entries] = NOT_COMPLETED;
    newest[unit] = entries++;
  }

  /** The last write of {@code unit} has ended well. */
  void completed(int unit) {
    completion[newest[unit]] = ++completions;
  }

  /** What a flush that is submitted now covers, for {@link #flushed}. */
  long flushPoint() {
    return completions;
  }

  /** A flush has ended well. */
  void flushed(long point) {
    durable = Math.max(durable, point);
  }

  int units() {
    return newest.length;
  }

  boolean isWritten(int unit) {
    return newest[unit] != 0;
  }

  /** The writes one of which a unit may hold now, newest first; {@link #NEVER} among them. */
  List<Integer> allowed(int unit) {
    List<Integer> allowed = new ArrayList<>();
    int entry = newest[unit];
    while (entry != 0) {
      allowed.add(write[entry]);
      if (completion[entry] <= durable) {
        return allowed;
      }
      entry = older[entry];
    }
    allowed.add(NEVER);
    return allowed;
  }
}
