package bench.cli;

import bench.report.Json;
import bench.report.TextTable;
import blockdev.preset.DevicePreset;
import blockdev.preset.Figure;
import blockdev.preset.Figures;
import blockdev.preset.Mark;
import blockdev.preset.MediaPreset;
import blockdev.preset.Parameter;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code device list}: a line for each preset. */
@Command(
    name = "list",
    description = {
      "List the devices for --device and the media for --media; * marks what is assumed.",
      "A device's last number is one of keyslots and can be any: ufs-ice-16, slots-64."
    })
final class DeviceListCommand implements Runnable {
  @Option(names = "--json", description = "Print an object with both lists instead.")
  private boolean json;

  @Spec private CommandSpec spec;

  private record Presets(List<PresetJson> devices, List<PresetJson> media) {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(
          Json.text(
              new Presets(
                  DevicePreset.all().stream().map(PresetJson::of).toList(),
                  MediaPreset.all().stream().map(PresetJson::of).toList())));
    } else {
      out.print(devices());
      out.println();
      out.print(media());
      out.println();
      out.println("* assumed: nobody publishes it; device show NAME says more");
    }
    out.flush();
  }

  private static TextTable devices() {
    TextTable table =
        new TextTable("device", "key by", "slots", "program", "evict", "DUN", "data units");
    for (DevicePreset device : DevicePreset.all()) {
      Figures figures = device.figures();
      table.add(
          device.name(),
          device.delivery().label(),
          text(figures, device.encrypts() ? Parameter.KEYSLOTS : Parameter.HOST_KEYSLOTS),
          text(figures, device.encrypts() ? Parameter.PROGRAM : Parameter.HOST_PROGRAM),
          text(figures, device.encrypts() ? Parameter.EVICT : Parameter.HOST_EVICT),
          text(figures, Parameter.DUN_BITS),
          dataUnits(figures.get(Parameter.DATA_UNIT_SIZES)));
    }
    return table;
  }

  /** The least and the most of them: those between are there too, or there are none. */
  private static String dataUnits(@Nullable Figure sizes) {
    if (sizes == null) {
      return "any";
    }
    long least = Long.lowestOneBit(sizes.value());
    long most = Long.highestOneBit(sizes.value());
    String between = Long.bitCount(sizes.value()) == 2 ? " " : "-";
    return (least == most ? "" : least + between) + most + star(sizes);
  }

  private static TextTable media() {
    TextTable table =
        new TextTable(
            "medium", "depth", "read", "write", "4K reads", "4K writes", "dies", "die read");
    for (MediaPreset medium : MediaPreset.all()) {
      Figures figures = medium.figures();
      table.add(
          medium.name(),
          text(figures, Parameter.DEPTH),
          text(figures, Parameter.SEQUENTIAL_READ),
          text(figures, Parameter.SEQUENTIAL_WRITE),
          text(figures, Parameter.RANDOM_READ),
          text(figures, Parameter.RANDOM_WRITE),
          dies(figures),
          text(figures, Parameter.DIE_READ));
    }
    return table;
  }

  private static String dies(Figures figures) {
    Figure channels = figures.get(Parameter.CHANNELS);
    Figure dies = figures.get(Parameter.DIES_PER_CHANNEL);
    return channels == null || dies == null
        ? "-"
        : channels.text() + star(channels) + " x " + dies.text() + star(dies);
  }

  private static String text(Figures figures, Parameter parameter) {
    Figure figure = figures.get(parameter);
    return figure == null ? "-" : figure.text() + star(figure);
  }

  private static String star(Figure figure) {
    return figure.mark() == Mark.ASSUMED ? "*" : "";
  }
}
