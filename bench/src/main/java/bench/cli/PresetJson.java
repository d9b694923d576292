package bench.cli;

import blockdev.preset.DevicePreset;
import blockdev.preset.Figure;
import blockdev.preset.Figures;
import blockdev.preset.MediaPreset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A preset as {@code --json} prints it.
 *
 * @param keyBy of devices only
 */
record PresetJson(
    String name,
    String summary,
    @Nullable String keyBy,
    List<FigureJson> parameters,
    List<String> notes) {

  /**
   * @param least of the plausible range, if one is known
   */
  private record FigureJson(
      String name,
      long value,
      String unit,
      String mark,
      String source,
      @Nullable Long least,
      @Nullable Long most) {

    static FigureJson of(Figure figure) {
      return new FigureJson(
          figure.parameter().label(),
          figure.value(),
          figure.parameter().unit().label(),
          figure.mark().label(),
          figure.source(),
          figure.hasRange() ? figure.least() : null,
          figure.hasRange() ? figure.most() : null);
    }
  }

  static PresetJson of(DevicePreset device) {
    return new PresetJson(
        device.name(),
        device.summary(),
        device.delivery().label(),
        parameters(device.figures()),
        device.notes());
  }

  static PresetJson of(MediaPreset medium) {
    return new PresetJson(
        medium.name(), medium.summary(), null, parameters(medium.figures()), medium.notes());
  }

  private static List<FigureJson> parameters(Figures figures) {
    return figures.all().stream().map(FigureJson::of).toList();
  }
}
