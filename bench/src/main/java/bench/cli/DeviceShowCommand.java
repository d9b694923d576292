package bench.cli;

import bench.report.Json;
import blockdev.preset.DevicePreset;
import blockdev.preset.Figure;
import blockdev.preset.MediaPreset;
import blockdev.preset.Unit;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code device show}: all that is known, or assumed, about one preset. */
@Command(
    name = "show",
    description = {
      "Show each parameter of a device or a medium: its value, how sure it is, who says so.",
      "Marks: verified (read or run), stated (by the source, unchecked), measured (by us), derived"
          + " (computed from others), assumed (nobody publishes it)."
    })
final class DeviceShowCommand implements Runnable {
  private static final String ROW = "%-30s %-28s %-9s %s%n";

  @Parameters(paramLabel = "NAME", description = "A device or a medium that device list shows.")
  private String name = "";

  @Option(names = "--json", description = "Print an object instead.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (MediaPreset.names().contains(name)) {
      MediaPreset medium = MediaPreset.named(name);
      if (json) {
        out.print(Json.text(PresetJson.of(medium)));
      } else {
        out.printf("%s: %s%n%n", medium.name(), medium.summary());
        print(out, medium.figures().all(), medium.notes());
      }
    } else {
      DevicePreset device = device();
      if (json) {
        out.print(Json.text(PresetJson.of(device)));
      } else {
        out.printf("%s: %s%n", device.name(), device.summary());
        out.printf("a key goes by: %s%n%n", device.delivery().label());
        print(out, device.figures().all(), device.notes());
      }
    }
    out.flush();
  }

  private DevicePreset device() {
    try {
      return DevicePreset.named(name);
    } catch (IllegalArgumentException unknown) {
      String message = String.valueOf(unknown.getMessage());
      throw CliException.usage(
          message.startsWith("no device")
              ? message + "; media " + String.join(", ", MediaPreset.names())
              : message);
    }
  }

  private static void print(PrintWriter out, List<Figure> figures, List<String> notes) {
    out.printf(ROW, "# parameter", "value", "mark", "source");
    for (Figure figure : figures) {
      out.printf(
          ROW,
          figure.parameter().label(),
          figure.text() + range(figure),
          figure.mark().label(),
          figure.source());
    }
    if (!notes.isEmpty()) {
      out.println();
      notes.forEach(out::println);
    }
  }

  private static String range(Figure figure) {
    Unit unit = figure.parameter().unit();
    return figure.hasRange()
        ? String.format(
            Locale.ROOT, " (%s to %s)", unit.text(figure.least()), unit.text(figure.most()))
        : "";
  }
}
