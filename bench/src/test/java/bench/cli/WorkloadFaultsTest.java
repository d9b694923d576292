package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code workload --fault}: 1,000 I/Os on 8 MiB with 64 keys. */
class WorkloadFaultsTest {
  private static final String SMALL =
      "workload --rw randrw --iodepth 8 --numjobs 2 --ios 1000 --keys 64 --size 8m --media ufs31";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(Stream.of(SMALL.split(" ")), Arrays.stream(more)).toArray(String[]::new));
  }

  private JsonObject simulation(String... more) {
    String[] all = Stream.concat(Stream.of("--json"), Arrays.stream(more)).toArray(String[]::new);
    assertThat(execute(all)).as(err.toString()).isZero();
    return JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonObject("simulation");
  }

  @Test
  void aReadThatFailsEndsTheJobAndIsCounted() {
    assertThat(execute("--fault", "read-error:nth=100")).isEqualTo(1);
    assertThat(err.toString()).contains("MEDIUM");
    assertThat(out.toString()).contains("faults: read-error 1");
  }

  @Test
  void aWriteThatIsLostIsFoundByReadingBack() {
    assertThat(execute("--verify", "--fault", "lost-write:nth=100")).isEqualTo(1);
    assertThat(err.toString()).contains("verify: 4096 bytes at offset").hasLineCount(1);
    assertThat(out.toString()).contains("faults: lost-write 1");
  }

  @Test
  void faultsThatDoNotHappenChangeNothing() {
    JsonObject without = simulation();
    JsonObject with =
        simulation("--fault", "read-error:nth=100000", "--fault=write-error:nth=100000");
    assertThat(with.get("eventLogHash")).isEqualTo(without.get("eventLogHash"));
    assertThat(with.getAsJsonObject("faults").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hang:nth=x   | fault 'hang:nth=x': nth must be a number, is 'x'",
        "lost-write   | a --fault that shows in nothing but data needs --verify or --payload real",
      })
  void aFaultThatCannotBeIsAUsageError(String fault, String message) {
    assertThat(execute("--fault", fault)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }
}
