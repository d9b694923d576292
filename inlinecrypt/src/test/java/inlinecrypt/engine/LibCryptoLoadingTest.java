package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibCryptoLoadingTest {
  @Test
  void aFunctionThatIsNotThereIsNamed() {
    assertThat(
            LibCryptoLoading.firstLacking(name ->
                name.equals("EVP_CipherUpdate")
                    ? Optional.empty()
                    : Optional.of(MemorySegment.NULL)))
        .contains("EVP_CipherUpdate");
  }

  @Test
  void deniedNativeAccessCostsOnlyThisEngine() throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                Choosing.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("jce")
        .contains("native access is denied (--enable-native-access=ALL-UNNAMED allows it)");
  }

  /** Run with native access denied. */
  static final class Choosing {
    public static void main(String[] arguments) {
      System.out.println(CipherEngine.fastest(CryptoMode.AES_256_XTS).name());
      System.out.println(CipherEngine.all().getFirst().unavailableBecause().orElse("there"));
    }
  }
}
