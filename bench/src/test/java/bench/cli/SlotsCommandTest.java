package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import inlinecrypt.keyslot.replacement.Replacement;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void theSameSeedPrintsTheSameInAnyLocale() {
    Locale usual = Locale.getDefault();
    try {
      assertThat(execute("--slots", "1,16")).isZero();
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      String first = out.toString();
      out.getBuffer().setLength(0);
      assertThat(execute("--slots", "1,16")).isZero();
      assertThat(out).hasToString(first);
    } finally {
      Locale.setDefault(usual);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theTableHasALineForEachSlotCountAndKindOfKey() {
    execute("--slots", "1,16");
    assertThat(out.toString().lines().filter(line -> line.startsWith("per-")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("per-inode       1  "),
            line -> assertThat(line).startsWith("per-inode      16  "),
            line -> assertThat(line).startsWith("per-extent      1  "),
            line -> assertThat(line).startsWith("per-extent     16  "));
    assertThat(out.toString()).contains("seed 1").contains("* assumed");
  }

  @Test
  void eachPolicyThatIsNamedHasALineForEachSlotCount() {
    assertThat(execute("--slots", "4,8", "--policy", "belady,lru")).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("per-extent")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("per-extent      4  ").endsWith("  belady"),
            line -> assertThat(line).startsWith("per-extent      4  ").endsWith("  lru"),
            line -> assertThat(line).startsWith("per-extent      8  ").endsWith("  belady"),
            line -> assertThat(line).startsWith("per-extent      8  ").endsWith("  lru"));
  }

  @Test
  void allMeansEveryPolicyAndTheHelpNamesThem() {
    assertThat(execute("--slots", "4", "--policy", "all", "--json", "-")).isZero();
    List<String> policies = new ArrayList<>();
    JsonParser.parseString(out.toString())
        .getAsJsonObject()
        .getAsJsonArray("rows")
        .forEach(row -> policies.add(row.getAsJsonObject().get("policy").getAsString()));
    List<String> all = Arrays.stream(Replacement.values()).map(Replacement::label).toList();
    assertThat(policies.subList(0, all.size())).isEqualTo(all);
    assertThat(policies).hasSize(2 * all.size());
    out.getBuffer().setLength(0);
    run("--help");
    assertThat(out.toString()).contains(all);
  }

  @Test
  void jsonCarriesTheConfigurationAndTheSeed() {
    assertThat(execute("--slots", "16", "--seed", "42", "--json", "-")).isZero();
    JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
    JsonObject configuration = report.getAsJsonObject("configuration");
    assertThat(report.get("experiment").getAsString()).isEqualTo("slots");
    assertThat(configuration.get("seed").getAsLong()).isEqualTo(42);
    assertThat(configuration.get("slotProgramNs").getAsLong()).isEqualTo(15_000);
    assertThat(configuration.get("assumed").getAsString()).contains("slotProgramNs");
    assertThat(report.getAsJsonArray("rows")).hasSize(2);
  }

  @Test
  void filesAreWrittenBesideTheTable() throws IOException {
    Path csv = directory.resolve("slots.csv");
    Path json = directory.resolve("slots.json");
    assertThat(execute("--slots", "1,2", "--csv", csv.toString(), "--json", json.toString()))
        .isZero();
    assertThat(out.toString()).contains("per-inode");
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(5);
    assertThat(lines.getFirst())
        .startsWith("strategy,slots,keys,requests,hitRatio,")
        .contains(",eventLogHash,policy,");
    assertThat(JsonParser.parseString(Files.readString(json)).isJsonObject()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --slots=0          | --slots must be from 1 to 65535, is 0
          --slots=4,-1       | --slots must be from 1 to 65535, is -1
          --slots=1,,2       | Invalid value for option '--slots' (LIST): '' is not an int
          --slots=1;2        | Invalid value for option '--slots' (LIST): '1;2' is not an int
          --ios=0            | --ios must be from 1 to 10000000, is 0
          --files=-1         | --files must be from 1 to 65536, is -1
          --extents=999      | --extents must be from 1 to 256, is 999
          --depth=129        | --depth must be from 1 to 128, is 129
          --program-us=-1    | --program-us must be from 0 to 1000000, is -1
          --policy=LRU       | --policy: no replacement policy LRU; there are lru, fifo, clock,
          --policy=lru,,fifo | --policy: no replacement policy ; there are lru, fifo, clock,
          --seed=one         | Invalid value for option '--seed': 'one' is not a long
          --csv=/no/such/dir | --csv /no/such/dir: no such directory: /no/such
          """)
  void badOptionsAreOneLineAndExitCode2(String option, String message) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(err.toString()).startsWith("inlinecrypt: " + message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void stdoutTakesOneReportOnly() {
    assertThat(execute("--csv", "-", "--json", "-")).isEqualTo(2);
    assertThat(err).hasToString("inlinecrypt: --csv and --json cannot both be -\n");
  }

  private int execute(String... options) {
    List<String> all = new ArrayList<>(List.of("--files=16", "--extents=4", "--ios=500"));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private int run(String... options) {
    List<String> all = new ArrayList<>(List.of("experiment", "slots"));
    all.addAll(List.of(options));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
