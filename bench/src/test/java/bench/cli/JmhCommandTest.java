package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JmhCommandTest {
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
