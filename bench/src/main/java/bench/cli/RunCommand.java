package bench.cli;

import bench.life.LifeOptions;
import bench.life.LifeReport;
import bench.life.LifeRun;
import bench.life.LifeText;
import bench.life.Sabotage;
import blockdev.fs.FsException;
import blockdev.fs.StrategyKind;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: the main job. */
@Command(
    name = "run",
    description = {
      "Take a directory of real files through the whole life of an encrypted filesystem",
      "on a simulated device, verify everything, and say what happened."
    },
    sortOptions = false)
final class RunCommand implements Runnable {
  @Option(
      names = "--input",
      paramLabel = "DIR",
      description = "The files; default: testdata of this project.")
  private @Nullable Path input;

  @Option(
      names = "--size",
      paramLabel = "N",
      converter = ByteCount.class,
      description = "Bytes of the device, such as 512M; default: enough for the files.")
  private @Nullable Long sizeBytes;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "32",
      description = "Keyslots of the device; default: ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "lightweight",
      description = "per-inode or lightweight; default: ${DEFAULT-VALUE}.")
  private String strategy = "";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "openssl, bouncycastle or reference; default: the fastest there is.")
  private @Nullable String engine;

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
      description = "Seeds all choices, and the keys of a device that is not kept; default: 1.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
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
    } catch (FsException e) {
      throw CliException.failure(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    } catch (IOException e) {
      throw CliException.failure(e.toString(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? LifeText.json(report) : LifeText.text(report));
    out.flush();
    if (!report.verified()) {
      throw CliException.failure("not verified: " + String.join("; ", report.problems()));
    }
  }

  private LifeOptions options() {
    Path directory = input == null ? Project.home().resolve("testdata") : input;
    if (!Files.isDirectory(directory)) {
      throw CliException.usage("no such directory: " + directory);
    }
    if (slots < 1 || slots > LifeRun.MAX_SLOTS) {
      throw CliException.usage("--slots must be from 1 to " + LifeRun.MAX_SLOTS + ", is " + slots);
    }
    if (sizeBytes != null && (sizeBytes <= 0 || sizeBytes % LifeRun.BLOCK_BYTES != 0)) {
      throw CliException.usage("--size must be a positive multiple of 4096, is " + sizeBytes);
    }
    if (image != null && Files.exists(image)) {
      throw CliException.usage("--image " + image + " exists already");
    }
    try {
      StrategyKind kind = StrategyKind.named(strategy);
      Sabotage broken = sabotage == null ? null : Sabotage.named(sabotage);
      if (broken == Sabotage.FILE_RELATIVE_DUN && kind == StrategyKind.PER_INODE) {
        throw CliException.usage(
            "--sabotage file-relative-dun breaks nothing with per-inode, which counts like that");
      }
      return new LifeOptions(
          directory,
          sizeBytes == null ? LifeOptions.ENOUGH : sizeBytes,
          slots,
          kind,
          engine == null
              ? CipherEngine.fastest(CryptoMode.AES_256_XTS)
              : CipherEngine.named(engine),
          image,
          seed,
          broken);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw CliException.failure(String.valueOf(e.getMessage()), e);
    }
  }
}
