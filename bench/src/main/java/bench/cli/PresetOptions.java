package bench.cli;

import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of commands that run on a simulated device: how it takes keys, what it is made of.
 */
final class PresetOptions {
  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Option(
      names = "--media",
      paramLabel = "NAME",
      defaultValue = MediaPreset.DEFAULT,
      description = "What it is made of, see device list; default: ${DEFAULT-VALUE}.")
  private String media = "";

  /**
   * @throws CliException if there is no such device, or none with so many slots
   */
  DevicePreset device() {
    return device.preset();
  }

  /**
   * @throws CliException if there is no such medium
   */
  MediaPreset media() {
    try {
      return MediaPreset.named(media);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--media: " + unknown.getMessage());
    }
  }
}
