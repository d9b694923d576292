package bench.workload;

/** Told how far a run is, now and then. */
@FunctionalInterface
public interface WorkloadProgress {
  /**
   * @param share from 0 to 1
   */
  void at(double share);
}
