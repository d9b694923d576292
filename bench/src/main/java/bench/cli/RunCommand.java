package bench.cli;

import bench.life.LifeOptions;
import bench.life.LifeReport;
import bench.life.LifeRun;
import bench.life.LifeText;
import bench.life.NoInputException;
import bench.life.Sabotage;
import blockdev.fs.FsException;
import blockdev.fs.StrategyKind;
import blockdev.preset.DevicePreset;
import inlinecrypt.Errno;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: the main job. */
@Command(
    name = "run",
    description = {
      "The main job: real files live through an encrypted filesystem on a simulated device.",
      "They are written, read, shared, overwritten, relocated and locked; every step is verified,"
          + " and the bytes on the device are predicted. Exit code 0 only if all of it held."
    },
    sortOptions = false)
final class RunCommand implements Runnable {
  @Option(
      names = "--input",
      paramLabel = "DIR",
      description = "Where the files are; default: testdata of this project.")
  private @Nullable Path input;

  @Option(
      names = "--size",
      paramLabel = "N",
      converter = ByteCount.class,
      description = "Bytes of the device, such as 512M; default: enough for the files.")
  private @Nullable Long sizeBytes;

  @Mixin private final PresetOptions preset = new PresetOptions();

  @Mixin private final CryptOptions crypt = new CryptOptions();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description =
          "Keep the device in FILE, which must not exist, and its master key in FILE.key.")
  private @Nullable Path image;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seeds all choices; the same seed gives the same virtual time; default: 1.")
  private long seed;

  @Option(names = "--json", description = "Print the report as one JSON object.")
  private boolean json;

  @Option(
      names = "--sabotage",
      paramLabel = "WHAT",
      description =
          "Break one thing, which must be noticed: flip-medium-bit, file-relative-dun or keep-key.")
  private @Nullable String sabotage;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    LifeOptions options = options();
    LifeReport report;
    try (TerminalBytes progress = new TerminalBytes()) {
      report = LifeRun.run(options, System::nanoTime, progress);
    } catch (NoInputException e) {
      throw CliException.usage("--input: " + e.getMessage());
    } catch (FsException e) {
      throw CliException.failure(e.getMessage() + sizeAdvice(options, e.errno()), e);
    } catch (IOException e) {
      throw CliException.failure(e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? LifeText.json(report) : LifeText.text(report));
    out.flush();
    if (!report.verified()) {
      List<String> problems = report.problems();
      String more = problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "";
      throw CliException.failure("not verified: " + problems.getFirst() + more);
    }
  }

  private static String sizeAdvice(LifeOptions options, Errno errno) {
    if (errno != Errno.ENOSPC || options.deviceBytes() == LifeOptions.ENOUGH) {
      return "";
    }
    try {
      long enough = LifeRun.enoughBytes(options.input());
      return "; --size is " + options.deviceBytes() + ", and " + enough + " would suffice";
    } catch (IOException e) {
      throw CliException.failure(e);
    }
  }

  private LifeOptions options() {
    Path directory = input == null ? Project.home().resolve("testdata") : input;
    if (!Files.isDirectory(directory)) {
      throw CliException.usage("no such directory: " + directory);
    }
    if (sizeBytes != null && (sizeBytes <= 0 || sizeBytes % LifeRun.BLOCK_BYTES != 0)) {
      throw CliException.usage("--size must be a positive multiple of 4096, is " + sizeBytes);
    }
    if (image != null && Files.exists(image)) {
      throw CliException.usage("--image " + image + " exists already");
    }
    StrategyKind strategy = crypt.strategy();
    DevicePreset device = preset.device();
    if (image != null && device.profile().dunIsAddress()) {
      throw CliException.usage(
          "--image: a filesystem on "
              + device.name()
              + " takes two namespaces, and an image has room for one");
    }
    return new LifeOptions(
        directory,
        sizeBytes == null ? LifeOptions.ENOUGH : sizeBytes,
        device,
        preset.media(),
        strategy,
        crypt.engine(),
        image,
        seed,
        sabotageOf(strategy, device));
  }

  private @Nullable Sabotage sabotageOf(StrategyKind strategy, DevicePreset device) {
    if (sabotage == null) {
      return null;
    }
    Sabotage broken;
    try {
      broken = Sabotage.named(sabotage);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--sabotage: " + unknown.getMessage());
    }
    if (broken == Sabotage.FILE_RELATIVE_DUN && strategy == StrategyKind.PER_INODE) {
      throw CliException.usage(
          "--sabotage file-relative-dun breaks nothing with per-inode, which counts like that");
    }
    if (broken == Sabotage.FILE_RELATIVE_DUN && device.profile().dunIsAddress()) {
      throw CliException.usage(
          "--sabotage file-relative-dun breaks nothing on "
              + device.name()
              + ", which numbers data units by address");
    }
    return broken;
  }
}
