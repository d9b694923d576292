package blockdev.sim;

import java.util.List;

/**
 * A server with parallel units. Work waits until the unit it is for is free; time is computed when
 * the work arrives, as NVMeVirt does ({@code simple_ftl.c}).
 */
public abstract sealed class Station permits VirtualTime.Units, ImmediateTime.NoDelay {
  Station() {}

  /**
   * Gives {@code unit} work of {@code serviceNs} to do, after what it already has and not before
   * {@code afterNs} from now. Work that takes no time waits for nobody.
   *
   * @return how long from now the work will be done, in nanoseconds
   */
  public abstract long reserve(int unit, long afterNs, long serviceNs);

  /** The service times of each unit's work so far, done or not; empty where time does not pass. */
  public abstract List<Long> busyNs();
}
