package blockdev.sim;

/** Thrown in a simulated thread that waits, or submits, after its simulation has ended. */
public final class SimulationEnded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimulationEnded() {
    super("the simulation has ended", null, false, false);
  }
}
