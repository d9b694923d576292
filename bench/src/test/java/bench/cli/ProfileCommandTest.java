package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileCommandTest {
  private static final String AT = "/sys/block/nvme0n1/queue/crypto/";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theFilesAreShownAsGrepShowsThem() {
    assertThat(execute()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            AT
                + "max_dun_bits:64\n"
                + AT
                + "modes/AES-256-XTS:0x1fe00\n"
                + AT
                + "num_keyslots:32\n"
                + AT
                + "raw_keys:supported\n");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ufs-ice-wrapped, hw_wrapped_keys:supported, raw_keys",
    "emmc-cqhci-15, max_dun_bits:32, hw_wrapped_keys",
    "emmc-cqhci-15, num_keyslots:15, num_keyslots:32",
    "exynos-fmp, num_keyslots:0, hw_wrapped_keys",
    "exynos-fmp, modes/AES-256-XTS:0x1000, 0x1fe00",
    "ufs-16, num_keyslots:16, hw_wrapped_keys",
    "ideal, num_keyslots:65534, hw_wrapped_keys",
    "dpu-mlx5-1024, modes/AES-256-XTS:0x1200, 0x1fe00",
    "software, is not there, max_dun_bits",
    "fallback-1, is not there, max_dun_bits"
  })
  void eachDeviceShowsWhatItHasAndNothingElse(String device, String shown, String absent) {
    assertThat(execute("--device", device)).isZero();
    assertThat(out.toString()).contains(shown).doesNotContain(absent);
  }

  @Test
  void slotsCountMoreThanTheNameDoes() {
    assertThat(execute("--device", "ufs-ice-8", "--slots", "5")).isZero();
    assertThat(out.toString()).contains("num_keyslots:5\n");
    out.getBuffer().setLength(0);
    assertThat(execute("--slots", "0")).isZero();
    assertThat(out.toString()).contains("is not there");
  }

  @Test
  void jsonIsOneObjectWithUnitsInItsNames() {
    assertThat(execute("--json", "--device", "ufs-ice-wrapped-16")).isZero();
    JsonObject profile = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(profile.get("device").getAsString()).isEqualTo("ufs-ice-wrapped-16");
    assertThat(profile.get("inlineEncryption").getAsBoolean()).isTrue();
    assertThat(profile.get("maxDunBits").getAsInt()).isEqualTo(64);
    assertThat(profile.get("keyslots").getAsInt()).isEqualTo(16);
    assertThat(profile.get("rawKeys").getAsBoolean()).isFalse();
    assertThat(profile.get("hwWrappedKeys").getAsBoolean()).isTrue();
    JsonObject mode = profile.get("modes").getAsJsonArray().get(0).getAsJsonObject();
    assertThat(mode.get("mode").getAsString()).isEqualTo("AES-256-XTS");
    assertThat(mode.get("dataUnitSizesBytes").getAsJsonArray()).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({
    "--device, nvme, 'no device nvme; there are ideal, ufs-std[-N]'",
    "--device, exynos-fmp-4, exynos-fmp has no keyslots to count",
    "--device, ufs-ice-0, 'keyslots must be from 1 to 65535, are 0'",
    "--device, ufs-257, 'keyslots must be from 1 to 256, are 257'",
    "--slots, 65536, '--slots must be from 0 to 65535, is 65536'"
  })
  void whatIsNotThereIsAUsageError(String option, String value, String message) {
    assertThat(execute(option, value)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  private int execute(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "profile";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
