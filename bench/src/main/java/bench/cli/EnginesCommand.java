package bench.cli;

import bench.jmh.EngineSpeed;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code engines}: what engines are here, their self-tests, and a first impression of their speed.
 * An engine that is not here is no failure; one that fails its self-test is.
 */
@Command(
    name = "engines",
    description = "List the cipher engines with their self-test and a quick speed, one thread.")
public final class EnginesCommand implements Callable<Integer> {
  private static final List<Integer> DATA_UNIT_SIZES_BYTES = List.of(512, 4096, 65536);
  private static final double MAX_SECONDS = 3600;
  private static final double BYTES_PER_MIB = 1 << 20;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0.2",
      description = "Time to measure each speed (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", description = "Print an array of objects instead of the table.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** One engine and mode; speeds are there if both reasons are not. */
  private record Finding(
      String engine,
      CryptoMode mode,
      Optional<String> unavailableBecause,
      Optional<String> selfTestFailure,
      List<EngineSpeed> speeds) {}

  @Override
  public Integer call() {
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      throw CliException.usage("--seconds must be above 0 and at most 3600, is " + seconds);
    }
    Stream<Finding> findings =
        CipherEngine.all().stream()
            .flatMap(engine ->
                Stream.of(CryptoMode.values())
                    .filter(engine::supports)
                    .map(mode -> examine(engine, mode)));
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> printed = json ? printJson(findings, out) : printTable(findings, out);
    out.flush();
    return printed.stream().allMatch(finding -> finding.selfTestFailure.isEmpty())
        ? ExitCode.OK
        : ExitCode.SOFTWARE;
  }

  private Finding examine(CipherEngine engine, CryptoMode mode) {
    Optional<String> missing = engine.unavailableBecause();
    Optional<String> failure = missing.isPresent() ? Optional.empty() : engine.selfTest();
    List<EngineSpeed> speeds =
        missing.isPresent() || failure.isPresent()
            ? List.of()
            : EngineSpeed.measure(engine, mode, DATA_UNIT_SIZES_BYTES, seconds);
    return new Finding(engine.name(), mode, missing, failure, speeds);
  }

  private static List<Finding> printTable(Stream<Finding> findings, PrintWriter out) {
    out.printf(
        "%-14s %-12s %-10s %9s %16s %16s%n",
        "# engine", "mode", "self-test", "data unit", "encryption", "decryption");
    return findings.peek(finding -> printRows(finding, out)).toList();
  }

  private static void printRows(Finding finding, PrintWriter out) {
    String start = "%-14s %-12s ".formatted(finding.engine, finding.mode);
    finding.unavailableBecause.ifPresent(cause -> out.println(start + "not here: " + cause));
    finding.selfTestFailure.ifPresent(failure -> out.println(start + "FAILED: " + failure));
    for (EngineSpeed speed : finding.speeds) {
      out.printf(
          Locale.ROOT,
          "%s%-10s %9d %10.1f MiB/s %10.1f MiB/s%n",
          start,
          "passed",
          speed.dataUnitSizeBytes(),
          speed.encryptBytesPerSecond() / BYTES_PER_MIB,
          speed.decryptBytesPerSecond() / BYTES_PER_MIB);
    }
    out.flush();
  }

  private static List<Finding> printJson(Stream<Finding> findings, PrintWriter out) {
    List<Finding> all = findings.toList();
    List<String> objects = all.stream().flatMap(EnginesCommand::objects).toList();
    out.println("[\n  " + String.join(",\n  ", objects) + "\n]");
    return all;
  }

  private static Stream<String> objects(Finding finding) {
    String start = "{\"engine\": \"" + finding.engine + "\", \"mode\": \"" + finding.mode + "\", ";
    Stream<String> reasons =
        Stream.concat(
            finding.unavailableBecause.stream()
                .map(cause -> start + "\"unavailableBecause\": " + quote(cause) + "}"),
            finding.selfTestFailure.stream()
                .map(failure -> start + "\"selfTestFailure\": " + quote(failure) + "}"));
    return Stream.concat(
        reasons,
        finding.speeds.stream()
            .map(speed ->
                start
                    + String.format(
                        Locale.ROOT,
                        "\"dataUnitSizeBytes\": %d, \"encryptBytesPerSecond\": %.0f,"
                            + " \"decryptBytesPerSecond\": %.0f}",
                        speed.dataUnitSizeBytes(),
                        speed.encryptBytesPerSecond(),
                        speed.decryptBytesPerSecond())));
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
