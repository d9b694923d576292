package bench.cli;

import bench.report.Json;
import blockdev.preset.DevicePreset;
import blockdev.queue.CryptoSysfs;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code profile}: what a device's inline encryption can do, as Linux shows it in sysfs. */
@Command(
    name = "profile",
    description = {
      "Show what a device's inline encryption can do, as sysfs does on Linux.",
      "Prints each file below queue/crypto of the disk, and what is in it."
    })
final class ProfileCommand implements Runnable {
  private static final String DIRECTORY = "/sys/block/nvme0n1/queue/crypto";

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Option(names = "--json", description = "Print an object instead.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** A mode and the data unit sizes that work with it. */
  private record Mode(String mode, List<Integer> dataUnitSizesBytes) {}

  private record Profile(
      String device,
      boolean inlineEncryption,
      int maxDunBits,
      int keyslots,
      boolean rawKeys,
      boolean hwWrappedKeys,
      List<Mode> modes) {}

  @Override
  public void run() {
    DevicePreset preset = device.preset();
    CryptoProfile profile = preset.profile();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(Json.text(describe(preset.name(), profile)));
    } else {
      printFiles(out, CryptoSysfs.files(profile));
    }
    out.flush();
  }

  private static void printFiles(PrintWriter out, SortedMap<String, String> files) {
    if (files.isEmpty()) {
      out.print(
          DIRECTORY + " is not there: no inline encryption, and the fallback never shows here\n");
    }
    files.forEach((path, content) -> out.print(DIRECTORY + "/" + path + ":" + content));
  }

  private static Profile describe(String name, CryptoProfile profile) {
    return new Profile(
        name,
        profile.hasModes(),
        profile.maxDunBytes() * Byte.SIZE,
        profile.slotCount(),
        profile.takes(KeyType.RAW),
        profile.takes(KeyType.HARDWARE_WRAPPED),
        Arrays.stream(CryptoMode.values())
            .filter(mode -> profile.dataUnitSizeMask(mode) != 0)
            .map(mode -> new Mode(mode.linuxName(), sizes(profile.dataUnitSizeMask(mode))))
            .toList());
  }

  private static List<Integer> sizes(int mask) {
    return IntStream.range(0, Integer.SIZE - 1)
        .map(bit -> 1 << bit)
        .filter(size -> (mask & size) != 0)
        .boxed()
        .toList();
  }
}
