package blockdev.sim;

import java.util.List;

/**
 * How busy a station was.
 *
 * @param station its name
 * @param busyNs of each of its units; work that is reserved but not done counts already
 */
public record StationUse(String station, List<Long> busyNs) {
  public StationUse {
    busyNs = List.copyOf(busyNs);
  }

  public long totalBusyNs() {
    return busyNs.stream().mapToLong(Long::longValue).sum();
  }

  /** The share of {@code elapsedNs} in which a unit was busy, on average. */
  public double utilisation(long elapsedNs) {
    return elapsedNs == 0 ? 0 : (double) totalBusyNs() / busyNs.size() / elapsedNs;
  }
}
