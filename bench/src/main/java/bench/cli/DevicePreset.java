package bench.cli;

import blockdev.DeviceModel;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The devices that {@code --device} names; {@code -N} at a name's end is a number of keyslots. */
enum DevicePreset {
  UFS_ICE("ufs-ice", true, DeviceModel::ufs),
  UFS_ICE_WRAPPED("ufs-ice-wrapped", true, DeviceModel::ufsWrapped),
  EMMC_CQHCI("emmc-cqhci", true, DeviceModel::emmc),
  EXYNOS_FMP("exynos-fmp", false, none -> DeviceModel.fmp()),
  SOFTWARE("software", false, none -> DeviceModel.ufs(0).withoutInlineCrypt());

  private static final int DEFAULT_SLOTS = 32;
  private static final Pattern NUMBERED = Pattern.compile("(.+)-([0-9]{1,5})");

  private final String label;
  private final boolean hasSlots;
  private final IntFunction<DeviceModel> model;

  DevicePreset(String label, boolean hasSlots, IntFunction<DeviceModel> model) {
    this.label = label;
    this.hasSlots = hasSlots;
    this.model = model;
  }

  /** A device and the whole name of its preset. */
  record Named(String name, DeviceModel model) {}

  /**
   * The device of that name, with {@code slots} keyslots if that is given.
   *
   * @throws CliException if there is no such device, or it cannot have so many slots
   */
  static Named named(String name, @Nullable Integer slots) {
    Matcher numbered = NUMBERED.matcher(name);
    boolean hasNumber = numbered.matches();
    String label = hasNumber ? numbered.group(1) : name;
    DevicePreset preset =
        Arrays.stream(values())
            .filter(each -> each.label.equals(label))
            .findFirst()
            .orElseThrow(
                () -> CliException.usage("--device: no device " + name + "; there are " + names()));
    if (!preset.hasSlots) {
      if (hasNumber || slots != null) {
        throw CliException.usage("--device: " + preset.label + " has no keyslots to count");
      }
      return new Named(preset.label, preset.model.apply(0));
    }
    int count = DEFAULT_SLOTS;
    if (slots != null) {
      count = slots;
    } else if (hasNumber) {
      count = Integer.parseInt(numbered.group(2));
    }
    if (count < 1 || count > DeviceOptions.MAX_SLOTS) {
      throw CliException.usage(
          "keyslots must be from 1 to " + DeviceOptions.MAX_SLOTS + ", are " + count);
    }
    return new Named(preset.label + "-" + count, preset.model.apply(count));
  }

  private static String names() {
    return Arrays.stream(values())
        .map(each -> each.hasSlots ? each.label + "[-N]" : each.label)
        .collect(Collectors.joining(", "));
  }
}
