package blockdev.queue;

/**
 * What hardware queues have done so far.
 *
 * @param bios submitted, before splitting
 * @param contextsWithoutData bios refused because they had a crypto context and nothing to encrypt:
 *     a mistake of their submitter, of which Linux warns
 * @param splits parts that were split off the front of a bio
 * @param backMerges bios that were appended to a request
 * @param frontMerges bios that were put before a request
 * @param requestMerges requests that became part of the one before them
 * @param requests started
 * @param requeues requests that the driver handed back to be issued again
 * @param tagWaits bios that had to wait for a request
 */
public record QueueCounters(
    long bios,
    long contextsWithoutData,
    long splits,
    long backMerges,
    long frontMerges,
    long requestMerges,
    long requests,
    long requeues,
    long tagWaits) {
  static final QueueCounters NONE = new QueueCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Bios that became part of a request that was there. */
  public long merges() {
    return backMerges + frontMerges;
  }

  QueueCounters plus(QueueCounters other) {
    return new QueueCounters(
        bios + other.bios,
        contextsWithoutData + other.contextsWithoutData,
        splits + other.splits,
        backMerges + other.backMerges,
        frontMerges + other.frontMerges,
        requestMerges + other.requestMerges,
        requests + other.requests,
        requeues + other.requeues,
        tagWaits + other.tagWaits);
  }
}
