package bench.experiment;

/**
 * One run of a {@link SlotsExperiment}.
 *
 * @param strategy what has a key: {@code per-inode} or {@code per-extent}
 * @param keys keys that the workload's files have, used or not
 * @param requests of which each needed a keyslot; hits and misses add up to them
 * @param hitRatio hits per request, first uses of a key counted as misses
 * @param misses requests that programmed their key
 * @param programs keyslot programmings
 * @param meanWaitUs wait for a keyslot, the own programming included, of all requests
 * @param waitedRequests requests that did not get their slot at once
 * @param meanWaitOfWaitedUs the same wait, of those alone
 * @param sleeps times that a request found all slots busy, once for each try
 * @param virtualNs until the last I/O ended
 * @param iops I/Os per virtual second
 * @param eventLogHash 16 hex digits, equal for equal runs
 * @param policy chose the slot that a miss overwrote
 * @param p50WaitOfWaitedUs half of those that waited, waited no longer, to 1 %; p99 and max alike
 * @param meanBusySlots slots with requests in flight, over the time of the run
 * @param meanKeyedSlots slots that held a key, over the time of the run
 */
public record SlotsRow(
    String strategy,
    int slots,
    int keys,
    long requests,
    double hitRatio,
    long misses,
    long programs,
    double meanWaitUs,
    long waitedRequests,
    double meanWaitOfWaitedUs,
    long sleeps,
    long virtualNs,
    double iops,
    String eventLogHash,
    String policy,
    double p50WaitOfWaitedUs,
    double p99WaitOfWaitedUs,
    double maxWaitUs,
    double meanBusySlots,
    double meanKeyedSlots) {}
