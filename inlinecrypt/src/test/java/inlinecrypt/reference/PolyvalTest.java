package inlinecrypt.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PolyvalTest {
  @Test
  void theExampleOfRfc8452AppendixAComesOut() {
    Polyval polyval = new Polyval();
    polyval.setKey(HexFormat.of().parseHex("25629347589242761d31f826ba4b757b"));
    byte[] message =
        HexFormat.of().parseHex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
    polyval.updatePadded(message, 0, message.length);
    byte[] digest = new byte[16];
    polyval.digest(digest);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo("f7a3b47b846119fae5b7866cf5e5b77e");
  }
}
