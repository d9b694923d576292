package blockdev.fault;

import java.util.List;

/**
 * The faults of one run of a device, in order: of those that could happen at one command, the first
 * does.
 *
 * @param seed of all chance in them
 */
public record FaultPlan(long seed, List<Fault> faults) {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(0);

  public FaultPlan {
    faults = List.copyOf(faults);
    for (Fault fault : faults) {
      if (fault.isTimed() && fault.kind() != FaultKind.BIT_ROT) {
        throw new IllegalArgumentException("only bits rot at a time, not " + fault);
      }
    }
  }

  public FaultPlan(long seed, Fault... faults) {
    this(seed, List.of(faults));
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** Whether one of the faults shows in nothing but data, and needs a medium that carries it. */
  public boolean showsOnlyInData() {
    return faults.stream().anyMatch(fault -> fault.kind().isSilent());
  }

  /** For one run. */
  public ArmedFaults arm() {
    return new ArmedFaults(this);
  }
}
