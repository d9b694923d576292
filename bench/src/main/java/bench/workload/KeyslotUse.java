package bench.workload;

import inlinecrypt.keyslot.KeyslotCounters;
import org.HdrHistogram.Histogram;

/**
 * What the device's keyslots did between two moments.
 *
 * @param slots 0 for a device that takes keys with its commands, or none at all
 * @param waits times that a request found no idle slot, once for each try
 * @param sectionWaits arrivals that found a slot being programmed
 * @param waitedRequests that did not get their slot at once
 * @param waitNs how long those waited, own programming included, to 1 %
 */
public record KeyslotUse(
    int slots,
    long hits,
    long misses,
    long programs,
    long failedPrograms,
    long evictions,
    long waits,
    long sectionWaits,
    long waitedRequests,
    long waitNsTotal,
    Histogram waitNs) {
  static KeyslotUse between(int slots, KeyslotCounters before, KeyslotCounters after) {
    Histogram waitNs = after.waitNs().copy();
    waitNs.subtract(before.waitNs());
    return new KeyslotUse(
        slots,
        after.hits() - before.hits(),
        after.misses() - before.misses(),
        after.programs() - before.programs(),
        after.failedPrograms() - before.failedPrograms(),
        after.evicts() - before.evicts(),
        after.sleeps() - before.sleeps(),
        after.sectionWaits() - before.sectionWaits(),
        after.waitedAcquires() - before.waitedAcquires(),
        after.waitNsTotal() - before.waitNsTotal(),
        waitNs);
  }

  /** Misses for each request that needed a slot; 0 if none did. */
  public double missRatio() {
    long requests = hits + misses;
    return requests == 0 ? 0 : (double) misses / requests;
  }
}
