package bench.cli;

import blockdev.preset.DevicePreset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a device takes keys. */
final class DeviceOptions {
  private static final int MAX_SLOTS = 0xFFFF; // a command names its slot in 16 bits

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = DevicePreset.DEFAULT,
      description = "How the device takes its keys, see device list; default: ${DEFAULT-VALUE}.")
  private String device = "";

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Keyslots, whatever the device's name says; 0 for a device without inline encryption, so"
              + " that the software fallback encrypts.")
  private @Nullable Integer slots;

  /**
   * @throws CliException if there is no such device, or none with so many slots
   */
  DevicePreset preset() {
    if (slots != null && (slots < 0 || slots > MAX_SLOTS)) {
      throw CliException.usage("--slots must be from 0 to " + MAX_SLOTS + ", is " + slots);
    }
    try {
      if (slots == null) {
        return DevicePreset.named(device);
      }
      return slots == 0 ? DevicePreset.named("software") : DevicePreset.named(device, slots);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--device: " + unknown.getMessage());
    }
  }
}
