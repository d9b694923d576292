package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import inlinecrypt.engine.CipherEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EnginesCommandTest {
  private final StringWriter out = new StringWriter();

  @Test
  void theTableHasThreeSizesOfEachEngineThatIsHere() {
    assertThat(execute("--seconds", "0.001", "--mode", "AES-256-XTS")).isZero();
    assertThat(out.toString().lines().skip(1))
        .hasSize(3 * CipherEngine.all().size())
        .anyMatch(line -> line.matches("openssl +AES-256-XTS \\* +passed +4096 .*MiB/s .*MiB/s"))
        .anyMatch(line -> line.matches("reference +AES-256-XTS +passed +512 .*"));
  }

  @Test
  void anEngineThatLacksAModeSaysSo() {
    assertThat(execute("--seconds", "0.001", "--engine", "jce", "--mode", "SM4-XTS")).isZero();
    assertThat(out.toString().lines().skip(1))
        .containsExactly("jce            SM4-XTS              does not have it");
  }

  @Test
  void inJsonThereAreOnlyModesThatAnEngineHas() {
    assertThat(execute("--json", "--engine", "jce", "--mode", "SM4-XTS")).isZero();
    assertThat(JsonParser.parseString(out.toString()).getAsJsonArray()).isEmpty();
  }

  @Test
  void autoShowsTheEngineThatIsTaken() {
    assertThat(execute("--seconds", "0.001", "--engine", "auto", "--mode", "AES-256-CBC")).isZero();
    assertThat(out.toString().lines().skip(1))
        .hasSize(3)
        .allMatch(line -> line.startsWith("jce            AES-256-CBC *"));
  }

  @Test
  void authenticatedModesAreListedLikeTheOthers() {
    assertThat(execute("--json", "--seconds", "0.001", "--mode", "AES-256-GCM")).isZero();
    JsonArray findings = JsonParser.parseString(out.toString()).getAsJsonArray();
    assertThat(findings).hasSize(3 * CipherEngine.all().size());
    JsonObject first = findings.get(0).getAsJsonObject();
    assertThat(first.get("mode").getAsString()).isEqualTo("AES-256-GCM");
    assertThat(first.get("automatic").getAsBoolean()).isTrue();
    assertThat(first.get("dataUnitSizeBytes").getAsInt()).isEqualTo(512);
    assertThat(first.get("decryptBytesPerSecond").getAsLong()).isPositive();
  }

  @Test
  void jsonIsAnArrayOfObjectsWithUnitsInTheirNames() {
    assertThat(execute("--json", "--seconds", "0.001", "--mode", "Adiantum")).isZero();
    JsonArray findings = JsonParser.parseString(out.toString()).getAsJsonArray();
    assertThat(findings).hasSize(3 * CipherEngine.all().size());
    JsonObject first = findings.get(0).getAsJsonObject();
    assertThat(first.get("engine").getAsString()).isEqualTo("openssl");
    assertThat(first.get("mode").getAsString()).isEqualTo("Adiantum");
    assertThat(first.get("dataUnitSizeBytes").getAsInt()).isEqualTo(512);
    assertThat(first.get("encryptBytesPerSecond").getAsLong()).isPositive();
    assertThat(first.get("decryptBytesPerSecond").getAsLong()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "--engine, jni, no engine jni; there are openssl",
    "--mode, XTS, no mode XTS; there are AES-256-XTS",
    "--seconds, 0, --seconds must be above 0"
  })
  void whatIsNotThereIsAUsageError(String option, String value, String message) {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine().setErr(new PrintWriter(err, true)).execute("engines", option, value);
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  private int execute(String... arguments) {
    return new CommandLine(new EnginesCommand())
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
  }
}
