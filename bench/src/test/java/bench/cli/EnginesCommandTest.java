package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EnginesCommandTest {
  private final StringWriter out = new StringWriter();

  @Test
  void theTableHasThreeSizesOfEachEngineThatIsHere() {
    assertThat(execute("--seconds", "0.001")).isZero();
    assertThat(out.toString().lines())
        .filteredOn(line -> line.contains(" AES-256-XTS "))
        .hasSize(3 * 3)
        .anyMatch(line -> line.matches("openssl +AES-256-XTS +passed +4096 .*MiB/s .*MiB/s"))
        .anyMatch(line -> line.startsWith("bouncycastle"))
        .anyMatch(line -> line.startsWith("reference"));
  }

  @Test
  void jsonIsAnArrayOfObjectsWithUnitsInTheirNames() {
    assertThat(execute("--json", "--seconds", "0.001")).isZero();
    assertThat(out.toString())
        .startsWith("[\n  {\"engine\": \"openssl\", \"mode\": \"AES-256-XTS\", ")
        .containsPattern("\"dataUnitSizeBytes\": 512, \"encryptBytesPerSecond\": \\d+,")
        .endsWith("}\n]" + System.lineSeparator());
  }

  private int execute(String... arguments) {
    return new CommandLine(new EnginesCommand())
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
  }
}
