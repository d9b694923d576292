package inlinecrypt.keyslot;

/** The counters that change under the mutex; hits are counted in the {@link KeyslotTable}. */
final class KeyslotStats {
  long misses;
  long programs;
  long failedPrograms;
  long evicts;
  long busyEvicts;
  long reprograms;
  long sleeps;
  long wakes;
  long sectionWaits;
  long waitedAcquires;
  long waitNsTotal;

  KeyslotCounters snapshot(long hits) {
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
        waitedAcquires,
        waitNsTotal);
  }
}
