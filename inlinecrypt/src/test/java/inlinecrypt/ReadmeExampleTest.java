package inlinecrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The example of the README: it compiles, it works, and it is what the README shows. */
final class ReadmeExampleTest {
  private static final Path SOURCE = Path.of("src/test/java/inlinecrypt/ReadmeExampleTest.java");

  @Test
  void theExampleEncryptsTwoDataUnitsAsLinuxWould() {
    byte[] key = new byte[64];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(8192);
      // README begin
      CipherEngine engine = CipherEngine.fastest(CryptoMode.AES_256_XTS);
      try (DataUnitCipher cipher =
          engine.prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
        cipher.encrypt(7, 0, 0, 0, 4096, data, 0, data, 0, 8192); // data units 7 and 8, in place
      }
      // README end
      // Zeros as data unit 7 under key 00..3f: computed with two independent libraries.
      assertThat(HexFormat.of().formatHex(data.asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE)))
          .isEqualTo("fb3094e9a7d77e6584d48c0635a59d88");
    }
  }

  @Test
  void theReadmeShowsThisCode() throws IOException {
    String source = Files.readString(SOURCE);
    String begin = "// README begin\n";
    String example =
        source
            .substring(
                source.indexOf(begin) + begin.length(), source.indexOf("      // README end"))
            .stripTrailing()
            .stripIndent();
    assertThat(Files.readString(Path.of("../README.md"))).contains(example);
  }
}
