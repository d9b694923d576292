package inlinecrypt.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AesTest {
  @Test
  void theExampleOfFips197AppendixC3ComesOut() {
    byte[] key =
        HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    byte[] block = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    Aes aes = new Aes(key, 0, key.length);
    aes.encrypt(block);
    assertThat(block).asHexString().isEqualToIgnoringCase("8ea2b7ca516745bfeafc49904b496089");
    aes.decrypt(block);
    assertThat(block).asHexString().isEqualToIgnoringCase("00112233445566778899aabbccddeeff");
  }
}
