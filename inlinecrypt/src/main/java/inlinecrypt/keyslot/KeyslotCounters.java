package inlinecrypt.keyslot;

import org.HdrHistogram.Histogram;

/**
 * What a {@link KeyslotManager} has done since it was made. Each granted acquisition is one hit or
 * one miss.
 *
 * @param hits acquisitions that found their key in a slot, at once or after a wait
 * @param misses acquisitions that programmed their key
 * @param programs calls that programmed a slot, the failed ones and those after a reset included
 * @param failedPrograms calls that failed to program a slot
 * @param evicts calls that asked the device to forget a key
 * @param busyEvicts evictions of a key with requests in flight
 * @param reprograms slots that were programmed again after a reset
 * @param sleeps times an acquisition found no idle slot, once for each try
 * @param wakes sleepers that were woken; a wake may end in sleep again
 * @param sectionWaits arrivals that found the hardware section taken
 * @param resumes times a device that may be suspended was resumed
 * @param waitedAcquires acquisitions granted, but not at once
 * @param waitNsTotal what those waited, their own programming included
 * @param waitNs how long each of them waited, to 1 %; a copy, to be left as it is
 * @param occupancy how many slots were in use
 */
public record KeyslotCounters(
    long hits,
    long misses,
    long programs,
    long failedPrograms,
    long evicts,
    long busyEvicts,
    long reprograms,
    long sleeps,
    long wakes,
    long sectionWaits,
    long resumes,
    long waitedAcquires,
    long waitNsTotal,
    Histogram waitNs,
    SlotOccupancy occupancy) {}
