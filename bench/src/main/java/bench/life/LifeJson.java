package bench.life;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link LifeReport} as {@code run --json} prints it: stable names, units in them. */
record LifeJson(
    String input,
    long deviceBytes,
    String strategy,
    String contentsCrypto,
    String encryptedBy,
    String engine,
    String device,
    String media,
    int slots,
    long seed,
    @Nullable String sabotage,
    int files,
    int directories,
    int skipped,
    long bytes,
    boolean verified,
    long fileComparisons,
    List<String> problems,
    int copies,
    int reflinksRefused,
    int overwrites,
    int extents,
    int extentsRelocated,
    int relocationsWithoutRoom,
    int relocationsWithoutKey,
    long relocationReencryptedBytes,
    long readsDuringRelocation,
    int cryptoMetadataBytesPerExtent,
    long mediumBlocksPredicted,
    long mediumMismatches,
    int readAttemptsAfterKeyRemoval,
    int readableAfterKeyRemoval,
    long bios,
    long splits,
    long merges,
    long requests,
    Keyslots keyslots,
    Fallback fallback,
    long keyDerivations,
    long virtualNs,
    double wallSeconds,
    String eventLogHash,
    List<PhaseJson> phases) {

  /**
   * @param waits times a request found no idle slot and slept
   * @param sectionWaits arrivals that found a slot being programmed
   * @param waitNs what requests waited for their slots in all, own programming included
   * @param p99WaitNs of those that waited, 99 % waited no longer, to 1 %
   * @param meanBusySlots slots with requests in flight, over the virtual time of the run
   * @param meanKeyedSlots slots that held a key, over the virtual time of the run
   */
  record Keyslots(
      long hits,
      long misses,
      long programs,
      long failedPrograms,
      long waits,
      long sectionWaits,
      long evicts,
      long busyEvicts,
      long waitNs,
      long p99WaitNs,
      double meanBusySlots,
      double meanKeyedSlots) {}

  /**
   * The software fallback.
   *
   * @param encryptedBios that went to the device with the ciphertext of the writes
   * @param pageWaits times that encryption had to wait for bounce pages
   */
  record Fallback(
      long writes,
      long reads,
      long encryptedBios,
      long pageWaits,
      long keyslotHits,
      long keyslotPrograms) {}

  record PhaseJson(
      String name, long bytes, double wallSeconds, double megabytesPerSecond, long virtualNs) {}

  static LifeJson of(LifeReport report) {
    LifeOptions options = report.options();
    return new LifeJson(
        options.input().toString(),
        options.deviceBytes(),
        options.strategy().label(),
        report.contentsCrypto().label(),
        report.fallback().wasUsed() ? "fallback" : "device",
        options.engine().name(),
        options.device().name(),
        options.media().name(),
        options.slots(),
        options.seed(),
        options.sabotage() == null ? null : options.sabotage().label(),
        report.input().files(),
        report.input().directories(),
        report.input().skipped(),
        report.input().bytes(),
        report.verified(),
        report.fileComparisons(),
        report.problems(),
        report.copies().files(),
        report.copies().reflinksRefused(),
        report.copies().overwrites(),
        report.extents().total(),
        report.extents().relocated(),
        report.extents().withoutRoom(),
        report.extents().withoutKey(),
        report.extents().reencryptedBytes(),
        report.extents().readsDuringRelocation(),
        report.extents().contextBytes(),
        report.medium().predicted(),
        report.medium().mismatches(),
        report.keyRemoval().readAttempts(),
        report.keyRemoval().readable(),
        report.queue().bios(),
        report.queue().splits(),
        report.queue().merges(),
        report.queue().requests(),
        new Keyslots(
            report.keyslots().hits(),
            report.keyslots().misses(),
            report.keyslots().programs(),
            report.keyslots().failedPrograms(),
            report.keyslots().sleeps(),
            report.keyslots().sectionWaits(),
            report.keyslots().evicts(),
            report.keyslots().busyEvicts(),
            report.keyslots().waitNsTotal(),
            report.keyslots().waitNs().getValueAtPercentile(99),
            report.keyslots().occupancy().meanBusy(),
            report.keyslots().occupancy().meanKeyed()),
        new Fallback(
            report.fallback().bios().writes(),
            report.fallback().bios().reads(),
            report.fallback().bios().encryptedBios(),
            report.fallback().bios().pageWaits(),
            report.fallback().keyslots().hits(),
            report.fallback().keyslots().programs()),
        report.keyDerivations(),
        report.virtualNs(),
        report.wallNs() / 1e9,
        Long.toHexString(report.eventLogHash()),
        report.phases().stream()
            .map(phase ->
                new PhaseJson(
                    phase.name(),
                    phase.bytes(),
                    phase.wallNs() / 1e9,
                    phase.megabytesPerSecond(),
                    phase.virtualNs()))
            .toList());
  }
}
