package blockdev.fault;

/**
 * One thing that is to go wrong. It <em>matches</em> commands (or programmings of keyslots) of its
 * kind's {@linkplain FaultKind#occasion occasion}, and happens at some of those.
 *
 * @param nsid the namespace that it matches, 0 for any
 * @param firstLba a command matches that touches a block from this one
 * @param lastLba to this one
 * @param slot the keyslot whose programming it matches, {@link #ANY_SLOT} for any
 * @param nth the first match, from 1, at which it can happen
 * @param times how often it happens at most
 * @param probability that it happens at such a match
 * @param atNs the time at which a bit rots, {@link #AT_A_COMMAND} for all else
 */
public record Fault(
    FaultKind kind,
    int nsid,
    long firstLba,
    long lastLba,
    int slot,
    long nth,
    long times,
    double probability,
    long atNs) {
  public static final int ANY_SLOT = -1;
  public static final long AT_A_COMMAND = -1;

  /** {@link #times} without a limit. */
  public static final long ALWAYS = Long.MAX_VALUE;

  public Fault {
    if (firstLba < 0 || lastLba < firstLba) {
      throw new IllegalArgumentException(
          "lba must be a block or a range of blocks, is " + firstLba + "-" + lastLba);
    }
    if (nth < 1 || times < 1) {
      throw new IllegalArgumentException(
          "nth and times must be positive, are " + nth + " and " + times);
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException("p must be above 0 and up to 1, is " + probability);
    }
  }

  /** At the first command that can have it, once. */
  public static Fault of(FaultKind kind) {
    return new Fault(kind, 0, 0, Long.MAX_VALUE, ANY_SLOT, 1, 1, 1, AT_A_COMMAND);
  }

  /**
   * Reads {@code KIND[:key=value,…]}. The keys are {@code lba} ({@code 7} or {@code 0-99}), {@code
   * nsid}, {@code slot}, {@code nth}, {@code times} (a number or {@code all}), {@code p} and {@code
   * at} (such as {@code 5ms}). With {@code p} and no {@code times} it may happen any number of
   * times, else once.
   *
   * @throws IllegalArgumentException if that is not how a fault is written; the message says why
   */
  public static Fault parse(String spec) {
    return new FaultSpec(spec).parse();
  }

  public Fault atLbas(long first, long last) {
    return new Fault(kind, nsid, first, last, slot, nth, times, probability, atNs);
  }

  public Fault inNamespace(int other) {
    return new Fault(kind, other, firstLba, lastLba, slot, nth, times, probability, atNs);
  }

  public Fault inSlot(int other) {
    return new Fault(kind, nsid, firstLba, lastLba, other, nth, times, probability, atNs);
  }

  public Fault fromMatch(long other) {
    return new Fault(kind, nsid, firstLba, lastLba, slot, other, times, probability, atNs);
  }

  public Fault upToTimes(long other) {
    return new Fault(kind, nsid, firstLba, lastLba, slot, nth, other, probability, atNs);
  }

  /** Each match with this probability, as often as chance wants. */
  public Fault withProbability(double other) {
    return new Fault(kind, nsid, firstLba, lastLba, slot, nth, ALWAYS, other, atNs);
  }

  /** At a time instead of a command; only bits rot like that. */
  public Fault atTime(long otherNs) {
    return new Fault(kind, nsid, firstLba, lastLba, slot, nth, times, probability, otherNs);
  }

  public boolean isTimed() {
    return atNs != AT_A_COMMAND;
  }

  boolean matchesBlocks(int nsid, long lba, int blocks) {
    return (this.nsid == 0 || this.nsid == nsid)
        && lba <= lastLba
        && lba + Math.max(blocks, 1) > firstLba;
  }

  boolean matchesSlot(int slot) {
    return this.slot == ANY_SLOT || this.slot == slot;
  }
}
