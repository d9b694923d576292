package inlinecrypt.keyslot;

/**
 * How many slots were in use, over the time since the manager was made. A sum of slots over time
 * that is divided by the time is the mean number of slots; the difference of two such sums gives
 * the mean of what lies between.
 *
 * @param elapsedNs that time
 * @param keyedSlotNs slots that held a key, summed over time
 * @param maxKeyed the most slots that held a key at once
 * @param busySlotNs slots with borrowers, summed over time
 */
public record SlotOccupancy(long elapsedNs, long keyedSlotNs, int maxKeyed, long busySlotNs) {
  /** The mean number of slots that held a key; 0 if no time has passed. */
  public double meanKeyed() {
    return mean(keyedSlotNs);
  }

  /** The mean number of slots with borrowers; 0 if no time has passed. */
  public double meanBusy() {
    return mean(busySlotNs);
  }

  private double mean(long slotNs) {
    return elapsedNs == 0 ? 0 : (double) slotNs / elapsedNs;
  }
}
