package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theListHasALineForEachDeviceAndMedium() {
    assertThat(execute("list")).isZero();
    List<String> names = out.toString().lines().map(line -> line.replaceAll(" .*", "")).toList();
    assertThat(names)
        .containsExactly(
            "device",
            "ideal",
            "ufs-std-32",
            "ufs-ice-32",
            "ufs-ice-wrapped-32",
            "ufs-mtk-32",
            "emmc-cqhci-32",
            "exynos-fmp",
            "exynos-slots-15",
            "exynosauto-4vm",
            "pixel-kdn-15",
            "dpu-mlx5-1024",
            "nvme-kpio-256",
            "slots-32",
            "fallback-100",
            "worst-1",
            "software",
            "",
            "medium",
            "emmc51",
            "ufs21",
            "ufs30",
            "ufs31",
            "ufs40",
            "optane",
            "null",
            "tlc-970pro",
            "zns-zn540",
            "zns-proto",
            "femu",
            "simple",
            "",
            "*");
    assertThat(line("*")).startsWith("* assumed");
    assertThat(line("ufs-ice-32")).containsSubsequence("slot", "32", "15 us*", "10 us*", "64 bits");
    assertThat(line("fallback-100")).containsSubsequence("host", "100", "1 us", "256 bits", "any");
    assertThat(line("emmc-cqhci-32")).containsSubsequence("32 bits", "512-65536");
    assertThat(line("dpu-mlx5-1024")).endsWith(" 512 4096");
    assertThat(line("exynos-fmp")).containsSubsequence("command", "0", "128 bits", " 4096");
    assertThat(line("ufs31")).containsSubsequence("2100 MB/s", "1200 MB/s", "100000 per s");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aDeviceIsShownWithMarksAndSources() {
    assertThat(execute("show", "ufs-ice-16")).isZero();
    assertThat(line("keyslots")).containsSubsequence("16", "stated", "vendor");
    assertThat(line("programNs")).containsSubsequence("15 us (5 us to 50 us)", "assumed", "secure");
    assertThat(line("dunBits")).containsSubsequence("64 bits", "verified");
    assertThat(line("resumeNs")).containsSubsequence("1 ms", "assumed");
  }

  @Test
  void aMediumIsShownByTheSameCommand() {
    assertThat(execute("show", "tlc-970pro")).isZero();
    assertThat(line("dieReadNs")).containsSubsequence("35.76 us", "verified", "NVMeVirt");
    assertThat(line("channels")).containsSubsequence("8", "verified");
  }

  @Test
  void jsonHasNumbersInTheUnitThatTheirNamesSay() {
    assertThat(execute("show", "ufs-ice", "--json")).isZero();
    JsonObject device = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(device.get("name").getAsString()).isEqualTo("ufs-ice-32");
    assertThat(device.get("keyBy").getAsString()).isEqualTo("slot");
    JsonObject program = parameter(device, "programNs");
    assertThat(program.get("value").getAsLong()).isEqualTo(15_000);
    assertThat(program.get("unit").getAsString()).isEqualTo("ns");
    assertThat(program.get("mark").getAsString()).isEqualTo("assumed");
    assertThat(program.get("least").getAsLong()).isEqualTo(5000);
    assertThat(parameter(device, "evictNs").has("least")).isFalse();
  }

  @Test
  void theListAsJsonHasAllThatShowHas() {
    assertThat(execute("list", "--json")).isZero();
    JsonObject both = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(both.getAsJsonArray("devices")).hasSize(16);
    assertThat(both.getAsJsonArray("media")).hasSize(12);
    JsonObject emmc = both.getAsJsonArray("media").get(0).getAsJsonObject();
    assertThat(parameter(emmc, "randomReadIops").get("value").getAsLong()).isEqualTo(11_000);
    assertThat(emmc.has("keyBy")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "floppy, 'no device floppy; there are ideal, '",
    "floppy, '; media emmc51, '",
    "ufs-999, 'keyslots must be from 1 to 256, are 999'",
    "ufs31-4, no device ufs31-4"
  })
  void whatIsNotThereIsAUsageError(String name, String message) {
    assertThat(execute("show", name)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "show"})
  void somethingHasToBeNamed(String subcommand) {
    assertThat(subcommand.isEmpty() ? execute() : execute(subcommand)).isEqualTo(2);
  }

  private String line(String name) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElse("");
  }

  private static JsonObject parameter(JsonObject preset, String name) {
    for (JsonElement each : preset.getAsJsonArray("parameters")) {
      if (each.getAsJsonObject().get("name").getAsString().equals(name)) {
        return each.getAsJsonObject();
      }
    }
    throw new AssertionError("no parameter " + name);
  }

  private int execute(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "device";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
