package inlinecrypt.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AesTest {
  @ParameterizedTest
  @CsvSource({
    "000102030405060708090a0b0c0d0e0f, 69c4e0d86a7b0430d8cdb78070b4c55a",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + " 8ea2b7ca516745bfeafc49904b496089"
  })
  void theExamplesOfFips197AppendixCComeOut(String keyHex, String ciphertext) {
    byte[] key = HexFormat.of().parseHex(keyHex);
    byte[] block = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    Aes aes = new Aes(key, 0, key.length);
    aes.encrypt(block);
    assertThat(HexFormat.of().formatHex(block)).isEqualTo(ciphertext);
    aes.decrypt(block);
    assertThat(HexFormat.of().formatHex(block)).isEqualTo("00112233445566778899aabbccddeeff");
  }
}
