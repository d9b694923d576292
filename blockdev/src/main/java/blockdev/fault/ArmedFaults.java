package blockdev.fault;

import blockdev.fault.FaultKind.Occasion;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A plan during a run: asked at each command, it says what goes wrong with it. Not thread-safe, for
 * the order of commands decides.
 */
public final class ArmedFaults {
  private final List<Fault> faults;
  private final long[] matches; // by fault
  private final long[] times; // by fault
  private final long[] happened = new long[FaultKind.values().length];
  private final SplittableRandom chance;

  ArmedFaults(FaultPlan plan) {
    faults = plan.faults();
    matches = new long[faults.size()];
    times = new long[faults.size()];
    chance = new SplittableRandom(plan.seed());
  }

  /** What goes wrong with a command on {@code blocks} from {@code lba}; null: nothing. */
  public @Nullable Fault atCommand(Occasion occasion, int nsid, long lba, int blocks) {
    Fault first = null;
    for (int i = 0; i < matches.length; i++) {
      Fault fault = faults.get(i);
      if (fault.kind().occasion() == occasion
          && !fault.isTimed()
          && fault.matchesBlocks(nsid, lba, blocks)) {
        first = happen(i, first);
      }
    }
    return first;
  }

  /** What goes wrong when {@code slot} is programmed; null: nothing. */
  public @Nullable Fault atProgramming(int slot) {
    Fault first = null;
    for (int i = 0; i < matches.length; i++) {
      Fault fault = faults.get(i);
      if (fault.kind().occasion() == Occasion.PROGRAM && fault.matchesSlot(slot)) {
        first = happen(i, first);
      }
    }
    return first;
  }

  /** Counts a match of fault {@code i}; returns it if it happens and {@code first} is null. */
  private @Nullable Fault happen(int i, @Nullable Fault first) {
    Fault fault = faults.get(i);
    matches[i]++;
    if (first != null || matches[i] < fault.nth() || times[i] == fault.times()) {
      return first;
    }
    if (fault.probability() < 1 && chance.nextDouble() >= fault.probability()) {
      return null;
    }
    times[i]++;
    happened[fault.kind().ordinal()]++;
    return fault;
  }

  /** The faults that happen at a time, whose device tells when they have. */
  public List<Fault> timed() {
    return faults.stream().filter(Fault::isTimed).toList();
  }

  /** Counts a fault that has happened at its time. */
  public void timeCame(Fault fault) {
    happened[fault.kind().ordinal()]++;
  }

  /** One of the blocks of a command on {@code blocks} from {@code lba} that the fault is about. */
  public long affectedLba(Fault fault, long lba, long blocks) {
    long first = Math.max(lba, fault.firstLba());
    long last = Math.min(lba + blocks - 1, fault.lastLba());
    return chance.nextLong(first, last + 1);
  }

  /** A number below {@code bound}, for whatever else the fault leaves to chance. */
  public long below(long bound) {
    return chance.nextLong(bound);
  }

  public FaultCounters counters() {
    return new FaultCounters(happened);
  }
}
