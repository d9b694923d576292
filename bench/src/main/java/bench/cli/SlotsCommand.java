package bench.cli;

import bench.experiment.SlotsExperiment;
import bench.experiment.SlotsReport;
import bench.experiment.SlotsRow;
import bench.experiment.SlotsSettings;
import bench.report.Csv;
import bench.report.Json;
import bench.report.ReportFile;
import bench.report.TextTable;
import bench.workload.ExtentWorkload;
import bench.workload.KeyGranularity;
import blockdev.sim.DeviceTiming;
import inlinecrypt.keyslot.replacement.Replacement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code experiment slots}: prints what a {@link SlotsExperiment} finds. */
@Command(
    name = "slots",
    description =
        "How many keyslots does a workload need, with a key per file and with a key per extent?",
    sortOptions = false,
    showDefaultValues = true)
final class SlotsCommand implements Runnable {
  private static final String ALL = "all";
  private static final int MAX_PROGRAM_US = 1_000_000;

  @Option(
      names = "--slots",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "1,2,4,8,15,16,24,32,48,64",
      description = "Slot counts to try.")
  private int[] slots = {};

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "lru",
      description =
          "Which idle slot is programmed next: lru (the kernel's), fifo, clock, lfu, sieve, s3-fifo,"
              + " 2q, arc, w-tinylfu, belady (knows the future: a bound), or all of them.")
  private String[] policies = {};

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "256",
      description = "Files; some are hotter than others (Zipf).")
  private int files;

  @Option(
      names = "--extents",
      paramLabel = "N",
      defaultValue = "16",
      description = "Extents of 64 KiB in each file.")
  private int extents;

  @Option(
      names = "--ios",
      paramLabel = "N",
      defaultValue = "20000",
      description = "I/Os of 4 KiB, 70 %% of them reads.")
  private int ios;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "16",
      description = "I/Os under way at a time.")
  private int depth;

  @Option(
      names = "--program-us",
      paramLabel = "N",
      defaultValue = "15",
      description = "Microseconds to program a slot.")
  private int programUs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Chooses the I/Os; the same seed gives the same output.")
  private long seed;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write CSV there too; - prints it instead of the table.")
  private @Nullable String csv;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write JSON there too; - prints it instead of the table.")
  private @Nullable String json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (ReportOption.STDOUT.equals(csv) && ReportOption.STDOUT.equals(json)) {
      throw CliException.usage("--csv and --json cannot both be " + ReportOption.STDOUT);
    }
    checkRange("--files", files, 1, ExtentWorkload.MAX_EXTENTS);
    checkRange("--extents", extents, 1, ExtentWorkload.MAX_EXTENTS / files);
    checkRange("--ios", ios, 1, ExtentWorkload.MAX_IOS);
    checkRange("--depth", depth, 1, SlotsExperiment.MAX_QUEUE_DEPTH);
    checkRange("--program-us", programUs, 0, MAX_PROGRAM_US);
    for (int count : slots) {
      checkRange("--slots", count, 1, SlotsExperiment.MAX_SLOTS);
    }
    List<Replacement> replacements = replacements();
    ReportFile csvFile = ReportOption.file("--csv", csv);
    ReportFile jsonFile = ReportOption.file("--json", json);

    SlotsExperiment experiment =
        new SlotsExperiment(
            new ExtentWorkload(files, extents, ios, seed), depth, timing(programUs * 1000L));
    KeyGranularity[] granularities = KeyGranularity.values();
    List<SlotsRow> rows = new ArrayList<>();
    try (TerminalProgress progress =
        new TerminalProgress(
            "slots", (long) granularities.length * slots.length * replacements.size())) {
      for (KeyGranularity granularity : granularities) {
        for (int count : slots) {
          for (Replacement replacement : replacements) {
            rows.add(experiment.run(granularity, count, replacement));
            progress.step();
          }
        }
      }
    }

    SlotsSettings settings = experiment.settings();
    String csvText = Csv.text(rows, settings);
    String jsonText = Json.text(new SlotsReport(settings, rows));
    ReportOption.write(csvFile, csvText);
    ReportOption.write(jsonFile, jsonText);
    PrintWriter out = spec.commandLine().getOut();
    if (ReportOption.STDOUT.equals(csv)) {
      out.print(csvText);
    } else if (ReportOption.STDOUT.equals(json)) {
      out.print(jsonText);
    } else {
      printTable(out, settings, rows);
    }
    out.flush();
  }

  private List<Replacement> replacements() {
    List<Replacement> replacements = new ArrayList<>();
    for (String name : policies) {
      if (name.equals(ALL)) {
        replacements.addAll(List.of(Replacement.values()));
      } else {
        try {
          replacements.add(Replacement.named(name));
        } catch (IllegalArgumentException unknown) {
          throw CliException.usage("--policy: " + unknown.getMessage());
        }
      }
    }
    return replacements;
  }

  private static DeviceTiming timing(long programNs) {
    DeviceTiming nineDies = SlotsExperiment.NINE_DIES;
    return new DeviceTiming(nineDies.keys().withProgramNs(programNs), nineDies.media());
  }

  private static void checkRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw CliException.usage(option + " must be from " + min + " to " + max + ", is " + value);
    }
  }

  private static void printTable(PrintWriter out, SlotsSettings settings, List<SlotsRow> rows) {
    out.print(
        format(
            """
            %,d random 4 KiB I/Os, %d %% reads, %d at a time, on %,d files of %,d extents of 64 KiB
            hot files by Zipf's law, seed %d; a key per file and data units counted from its start,
            or a key per extent and data units counted from there; slots empty at the start
            device in virtual time: %d units of %.0f us*, link %.1f GB/s, slot programming %.0f us*
            (* assumed, nobody publishes it)

            """,
            settings.ioCount(),
            settings.readPercent(),
            settings.queueDepth(),
            settings.files(),
            settings.extentsPerFile(),
            settings.seed(),
            settings.parallelUnits(),
            settings.commandNs() / 1e3,
            settings.linkBytesPerSecond() / 1e9,
            settings.slotProgramNs() / 1e3));
    TextTable table =
        new TextTable(
            "keys",
            "slots",
            "hit ratio",
            "misses",
            "programs",
            "wait us",
            "waited",
            "wait us each",
            "sleeps",
            "IOPS",
            "event log hash",
            "policy");
    String previous = rows.getFirst().strategy();
    for (SlotsRow row : rows) {
      if (!row.strategy().equals(previous)) {
        table.addGap();
        previous = row.strategy();
      }
      table.add(
          row.strategy(),
          format("%d", row.slots()),
          format("%.4f", row.hitRatio()),
          format("%d", row.misses()),
          format("%d", row.programs()),
          format("%.2f", row.meanWaitUs()),
          format("%d", row.waitedRequests()),
          format("%.2f", row.meanWaitOfWaitedUs()),
          format("%d", row.sleeps()),
          format("%.0f", row.iops()),
          row.eventLogHash(),
          row.policy());
    }
    out.print(table);
    out.print(
        """

        wait: mean wait of a request for its slot, own programming included; waited: requests that
        did wait, and their mean; sleeps: times that a request found all slots busy
        """);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
