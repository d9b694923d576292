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
            device of %,d bytes in virtual time, %d keyslots, strategy %s, engine %s, seed %d

            """,
            options.input(),
            report.files(),
            report.directories(),
            report.bytes(),
            report.skipped(),
            options.deviceBytes(),
            options.slots(),
            options.strategy().label(),
            options.engine().name(),
            options.seed());
    String body =
        format(
            """

            copies           %,d files, %,d of them refused as reflinks and copied; %,d overwrites
            extents          %,d, %,d of them relocated%s; %d bytes of crypto metadata for each on disk
            block layer      %,d bios, %,d splits, %,d merges, %,d requests
            keyslots         %,d hits, %,d misses, %,d programs, %,d waits for an idle slot
            keys             %,d derivations
            time             %.3f s wall, %.6f s virtual; event log %016x

            verified         %s
            medium           %,d blocks predicted, %,d mismatches
            key removed      %,d files tried, %,d readable
            """,
            report.copies(),
            report.reflinksRefused(),
            report.overwrites(),
            report.extents(),
            report.extentsRelocated(),
            report.relocationsWithoutRoom() == 0
                ? ""
                : format(" (%,d had no room to go)", report.relocationsWithoutRoom()),
            report.cryptoMetadataBytesPerExtent(),
            queue.bios(),
            queue.splits(),
            queue.merges(),
            queue.requests(),
            slots.hits(),
            slots.misses(),
            slots.programs(),
            slots.sleeps(),
            report.keyDerivations(),
            report.wallNs() / 1e9,
            report.virtualNs() / 1e9,
            report.eventLogHash(),
            report.verified() ? "every file, three times" : "NO",
            report.mediumBlocksPredicted(),
            report.mediumMismatches(),
            report.readAttemptsAfterKeyRemoval(),
            report.readableAfterKeyRemoval());
    StringBuilder problems = new StringBuilder();
    report.problems().forEach(problem -> problems.append("  ").append(problem).append('\n'));
    return head + phases(report) + body + problems;
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
