package bench.life;

import bench.report.Json;
import bench.report.TextTable;
import blockdev.queue.QueueCounters;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.Locale;

/** A {@link LifeReport} for people, and for programs. */
public final class LifeText {
  private LifeText() {}

  public static String json(LifeReport report) {
    return Json.text(LifeJson.of(report));
  }

  public static String text(LifeReport report) {
    LifeOptions options = report.options();
    QueueCounters queue = report.queue();
    KeyslotCounters slots = report.keyslots();
    String head =
        format(
            """
            %s: %,d files in %,d directories, %,d bytes; %,d links and special files skipped
            device %s of %,d bytes on %s, %d keyslots, in virtual time; engine %s, seed %d
            contents encrypted by the %s, strategy %s

            """,
            options.input(),
            report.input().files(),
            report.input().directories(),
            report.input().bytes(),
            report.input().skipped(),
            options.device().name(),
            options.deviceBytes(),
            options.media().name(),
            options.slots(),
            options.engine().name(),
            options.seed(),
            report.fallback().wasUsed() ? "software fallback" : report.contentsCrypto().label(),
            options.strategy().label());
    String body =
        format(
            """

            copies           %,d files, %,d of them refused as reflinks and copied; %,d overwrites
            extents          %,d, each with %d bytes of crypto metadata on disk
            relocations      %,d extents%s, while files were read: %,d reads overlapped
            re-encrypted     %,d bytes by relocation, %,d extents stayed for want of a key
            block layer      %,d bios, %,d splits, %,d merges, %,d requests
            keyslots         %,d hits, %,d misses, %,d programs, %,d waits for an idle slot
            %skeys             %,d derivations
            time             %.3f s wall, %.6f s virtual; event log %016x

            verified         %s: %,d comparisons of whole files
            medium           %,d blocks predicted, %,d mismatches
            key removed      %,d files tried, %,d readable
            """,
            report.copies().files(),
            report.copies().reflinksRefused(),
            report.copies().overwrites(),
            report.extents().total(),
            report.extents().contextBytes(),
            report.extents().relocated(),
            report.extents().withoutRoom() == 0
                ? ""
                : format(" (%,d had no room to go)", report.extents().withoutRoom()),
            report.extents().readsDuringRelocation(),
            report.extents().reencryptedBytes(),
            report.extents().withoutKey(),
            queue.bios(),
            queue.splits(),
            queue.merges(),
            queue.requests(),
            slots.hits(),
            slots.misses(),
            slots.programs(),
            slots.sleeps(),
            fallback(report.fallback()),
            report.keyDerivations(),
            report.wallNs() / 1e9,
            report.virtualNs() / 1e9,
            report.eventLogHash(),
            report.verified() ? "everything" : "NO",
            report.fileComparisons(),
            report.medium().predicted(),
            report.medium().mismatches(),
            report.keyRemoval().readAttempts(),
            report.keyRemoval().readable());
    StringBuilder problems = new StringBuilder();
    report.problems().forEach(problem -> problems.append("  ").append(problem).append('\n'));
    return head + phases(report) + body + problems;
  }

  private static String fallback(LifeReport.Fallback fallback) {
    return fallback.wasUsed()
        ? format(
            "fallback         %,d writes, %,d reads; keyslots: %,d hits, %,d programs\n",
            fallback.bios().writes(),
            fallback.bios().reads(),
            fallback.keyslots().hits(),
            fallback.keyslots().programs())
        : "";
  }

  private static TextTable phases(LifeReport report) {
    TextTable table = new TextTable("phase", "bytes", "wall s", "wall MB/s", "virtual ms");
    for (Phase phase : report.phases()) {
      boolean moved = phase.bytes() > 0;
      table.add(
          phase.name(),
          moved ? format("%,d", phase.bytes()) : "",
          format("%.3f", phase.wallNs() / 1e9),
          moved ? format("%.0f", phase.megabytesPerSecond()) : "",
          format("%.3f", phase.virtualNs() / 1e6));
    }
    return table;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
