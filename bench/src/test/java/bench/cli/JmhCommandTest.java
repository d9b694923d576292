package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class JmhCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"keysetup", "bio", "simulator"})
  void anEngineThatDoesNotExistIsRefusedBeforeAnythingIsMeasured(String suite) {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("jmh", suite, "-p", "engine=jni");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("no engine is named \"jni\"").hasLineCount(1);
  }

  @Test
  void anEngineThatIsNotHereIsOneLineWithTheCause() throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutLibcrypto.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(said).isZero();
    assertThat(said.lines())
        .hasSize(WithoutLibcrypto.SUITES.size())
        .allMatch(line -> line.contains("engine openssl is not available: native access is"));
  }

  /** Run with native access denied. */
  static final class WithoutLibcrypto {
    private static final List<String> SUITES = List.of("engine", "keysetup", "bio", "simulator");

    public static void main(String[] arguments) {
      CommandLine line = Main.commandLine();
      for (String suite : SUITES) {
        int code = line.execute("jmh", suite, "-p", "engine=openssl");
        if (code != 1) {
          System.out.println(suite + " ends with " + code);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "engine=jce, mode=SM4_XTS, jce does not have SM4_XTS",
    "engine=jni, mode=AES_256_XTS, no engine is named \"jni\"",
    "engine=jce, mode=ROT_13, no mode ROT_13; there are AES_256_XTS"
  })
  void whatCannotBeMeasuredIsRefusedBeforeAnythingIs(String engine, String mode, String message) {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("jmh", "engine", "-p", engine, "-p", mode);
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message).hasLineCount(1);
  }
}
