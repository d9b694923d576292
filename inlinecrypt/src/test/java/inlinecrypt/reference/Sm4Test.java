package inlinecrypt.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sm4Test {
  private static final String KEY_AND_PLAINTEXT = "0123456789abcdeffedcba9876543210";

  private final Sm4 sm4 = new Sm4(HexFormat.of().parseHex(KEY_AND_PLAINTEXT), 0);
  private final byte[] block = HexFormat.of().parseHex(KEY_AND_PLAINTEXT);

  @Test
  void theFirstExampleOfGbT32907ComesOut() {
    sm4.encrypt(block);
    assertThat(HexFormat.of().formatHex(block)).isEqualTo("681edf34d206965e86b3e94f536e4246");
    sm4.decrypt(block);
    assertThat(HexFormat.of().formatHex(block)).isEqualTo(KEY_AND_PLAINTEXT);
  }

  @Test
  void theSecondExampleAMillionTimesEncryptedComesOut() {
    for (int i = 0; i < 1_000_000; i++) {
      sm4.encrypt(block);
    }
    assertThat(HexFormat.of().formatHex(block)).isEqualTo("595298c7c6fd271f0402f804c33d3f66");
  }
}
