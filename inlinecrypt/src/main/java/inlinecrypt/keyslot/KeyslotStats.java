package inlinecrypt.keyslot;

import org.HdrHistogram.Histogram;

/** The counters that change under the mutex; others are in the {@link KeyslotTable}. */
final class KeyslotStats {
  private static final long LONGEST_WAIT_NS = 3_600_000_000_000L; // longer ones count as this
  private static final int WAIT_DIGITS = 2;

  long misses;
  long programs;
  long failedPrograms;
  long evicts;
  long busyEvicts;
  long reprograms;
  long sleeps;
  long wakes;
  long sectionWaits;
  long resumes;
  private long waitNsTotal;
  private final Histogram waitNs = new Histogram(LONGEST_WAIT_NS, WAIT_DIGITS);

  /** Notes an acquisition that was granted, but not at once. */
  void recordWait(long ns) {
    waitNsTotal += ns;
    waitNs.recordValue(Math.min(ns, LONGEST_WAIT_NS));
  }

  KeyslotCounters snapshot(long hits, SlotOccupancy occupancy) {
    return new KeyslotCounters(
        hits,
        misses,
        programs,
        failedPrograms,
        evicts,
        busyEvicts,
        reprograms,
        sleeps,
        wakes,
        sectionWaits,
        resumes,
        waitNs.getTotalCount(),
        waitNsTotal,
        waitNs.copy(),
        occupancy);
  }
}
