package bench.crypt;

import inlinecrypt.CryptoMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Checks a file of known answers, one JSON object a line, in any mixture of the schemas of {@code
 * testdata/vectors/README.md}: every key derivation, and every ciphertext both ways. Empty lines
 * are passed over.
 */
public final class VectorFile {
  private final EngineSelection engines;
  private final Consumer<String> report;
  private final Map<CryptoMode, Integer> lacking = new EnumMap<>(CryptoMode.class);
  private int passed;
  private int failed;

  /**
   * How many lines did what. A line is skipped if its engine does not have the mode, and for no
   * other reason.
   */
  public record Count(int passed, int failed, int skipped) {
    @Override
    public String toString() {
      return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
  }

  private VectorFile(EngineSelection engines, Consumer<String> report) {
    this.engines = engines;
    this.report = report;
  }

  /**
   * Checks all lines.
   *
   * @param report is given a line for each known answer that does not come out, and then for each
   *     mode that is lacking
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException at the first line that is malformed; the message starts with
   *     the file and the line's number
   */
  public static Count check(Path file, EngineSelection engines, Consumer<String> report)
      throws IOException {
    VectorFile check = new VectorFile(engines, report);
    try (InputStream in = Files.newInputStream(file)) {
      // Bytes that are no UTF-8 become replacement characters, which no field takes.
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line;
      for (int number = 1; (line = lines.readLine()) != null; number++) {
        if (!line.isBlank()) {
          check.check(parse(file, number, line));
        }
      }
    }
    return check.finish();
  }

  private static Vector parse(Path file, int number, String line) {
    try {
      return Vector.parse(line);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
    }
  }

  private void check(Vector vector) {
    switch (vector) {
      case IdentifierVector identifier -> count(identifier, identifier::mismatch);
      case Vector.Ciphered ciphered ->
          engines
              .engineFor(ciphered.mode())
              .ifPresentOrElse(
                  engine -> count(ciphered, () -> ciphered.mismatch(engine)),
                  () -> lacking.merge(ciphered.mode(), 1, Integer::sum));
    }
  }

  private void count(Vector vector, Supplier<Optional<String>> check) {
    Optional<String> mismatch;
    try {
      mismatch = check.get();
    } catch (IllegalArgumentException e) { // Such as a key that is too short.
      mismatch = Optional.of(String.valueOf(e.getMessage()));
    }
    if (mismatch.isEmpty()) {
      passed++;
    } else {
      failed++;
      report.accept("failed: " + vector.id() + ": " + mismatch.get());
    }
  }

  private Count finish() {
    lacking.forEach((mode, lines) ->
        report.accept("skipped: " + lines + " of " + mode + ", which the engine lacks"));
    int skipped = lacking.values().stream().mapToInt(Integer::intValue).sum();
    return new Count(passed, failed, skipped);
  }
}
