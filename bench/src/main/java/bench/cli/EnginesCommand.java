package bench.cli;

import bench.crypt.EngineSelection;
import bench.jmh.EngineSpeed;
import bench.jmh.MeasuredMode;
import bench.report.Json;
import inlinecrypt.engine.CipherEngine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code engines}: what engines are here, their self-tests, which one is taken for each mode, and a
 * first impression of their speed. An engine that is not here is no failure; one that fails its
 * self-test is.
 */
@Command(
    name = "engines",
    description = {
      "List the cipher engines with their self-test and a quick speed, one thread.",
      "In each mode, * marks the engine that is taken where none is named."
    })
public final class EnginesCommand implements Callable<Integer> {
  private static final List<Integer> DATA_UNIT_SIZES_BYTES = List.of(512, 4096, 65536);
  private static final double MAX_SECONDS = 3600;
  private static final double BYTES_PER_MIB = 1 << 20;
  private static final String ROW = "%-14s %-20s %-10s %9s %16s %16s%n";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0.2",
      description = "Time to measure each speed; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "This engine only; auto: in each mode the one that is taken.")
  private @Nullable String engine;

  @Option(
      names = "--mode",
      paramLabel = "NAME",
      description = "This mode only, such as AES-256-XTS.")
  private @Nullable String mode;

  @Option(names = "--json", description = "Print an array of objects instead of the table.")
  private boolean json;

  @Spec private CommandSpec spec;

  /**
   * One engine and mode, at one data unit size; or why there is no speed, and then nothing below.
   */
  private record Finding(
      String engine,
      String mode,
      @Nullable Boolean automatic,
      @Nullable String unavailableBecause,
      @Nullable String selfTestFailure,
      @Nullable Integer dataUnitSizeBytes,
      @Nullable Long encryptBytesPerSecond,
      @Nullable Long decryptBytesPerSecond) {}

  @Override
  public Integer call() {
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      throw CliException.usage("--seconds must be above 0 and at most 3600, is " + seconds);
    }
    List<CipherEngine> engines = engines();
    List<MeasuredMode> modes = modes();
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "# engine", "mode", "self-test", "data unit", "encryption", "decryption");
    }
    List<Finding> findings = new ArrayList<>();
    for (CipherEngine each : engines) {
      for (MeasuredMode one : modes) {
        boolean has = one.isOf(each);
        if (isAuto() && !(has && one.fastest() == each)) {
          continue;
        }
        if (!has) {
          if (!json) {
            out.printf("%-14s %-20s does not have it%n", each.name(), one.label());
          }
          continue;
        }
        List<Finding> found = examine(each, one);
        findings.addAll(found);
        if (!json) {
          found.forEach(finding -> printRow(finding, out));
        }
      }
    }
    if (json) {
      out.print(Json.text(findings));
    }
    out.flush();
    return findings.stream().allMatch(finding -> finding.selfTestFailure == null)
        ? ExitCode.OK
        : ExitCode.SOFTWARE;
  }

  private boolean isAuto() {
    return EngineSelection.AUTO.equals(engine);
  }

  private List<CipherEngine> engines() {
    List<CipherEngine> found =
        CipherEngine.all().stream()
            .filter(each -> engine == null || isAuto() || each.name().equals(engine))
            .toList();
    if (found.isEmpty()) {
      throw CliException.usage(
          "--engine: no engine "
              + engine
              + "; there are "
              + String.join(", ", CipherEngine.all().stream().map(CipherEngine::name).toList()));
    }
    return found;
  }

  private List<MeasuredMode> modes() {
    List<MeasuredMode> found =
        MeasuredMode.all().stream()
            .filter(each -> mode == null || each.label().equals(mode))
            .toList();
    if (found.isEmpty()) {
      throw CliException.usage(
          "--mode: no mode "
              + mode
              + "; there are "
              + String.join(", ", MeasuredMode.all().stream().map(MeasuredMode::label).toList()));
    }
    return found;
  }

  private List<Finding> examine(CipherEngine each, MeasuredMode one) {
    String missing = each.unavailableBecause().orElse(null);
    String failure = missing == null ? each.selfTest().orElse(null) : null;
    if (missing != null || failure != null) {
      return List.of(
          new Finding(each.name(), one.label(), null, missing, failure, null, null, null));
    }
    boolean automatic = one.fastest() == each;
    return EngineSpeed.measure(each, one, DATA_UNIT_SIZES_BYTES, seconds).stream()
        .map(speed ->
            new Finding(
                each.name(),
                one.label(),
                automatic,
                null,
                null,
                speed.dataUnitSizeBytes(),
                Math.round(speed.encryptBytesPerSecond()),
                Math.round(speed.decryptBytesPerSecond())))
        .toList();
  }

  private static void printRow(Finding finding, PrintWriter out) {
    if (finding.dataUnitSizeBytes == null) {
      String why =
          finding.selfTestFailure == null
              ? "not here: " + finding.unavailableBecause
              : "FAILED: " + finding.selfTestFailure;
      out.printf("%-14s %-20s %s%n", finding.engine, finding.mode, why);
    } else {
      boolean automatic = Boolean.TRUE.equals(finding.automatic);
      out.printf(
          ROW,
          finding.engine,
          finding.mode + (automatic ? " *" : ""),
          "passed",
          finding.dataUnitSizeBytes,
          speed(finding.encryptBytesPerSecond),
          speed(finding.decryptBytesPerSecond));
    }
    out.flush();
  }

  private static String speed(@Nullable Long bytesPerSecond) {
    return bytesPerSecond == null
        ? ""
        : String.format(Locale.ROOT, "%.1f MiB/s", bytesPerSecond / BYTES_PER_MIB);
  }
}
