package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class OpenSslEngineTest extends CipherEngineContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("openssl");
  }

  @Test
  void aKeyOfTwoEqualHalvesIsRefusedAsLibcryptoDoes() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> engine().prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(new byte[64])))
        .withMessage("the two halves of an XTS key must differ");
  }

  @Test
  void anErrorOfLibcryptoCarriesItsReason() {
    assertThatIllegalStateException()
        .isThrownBy(() -> LibCrypto.fetchCipher("no-such-cipher"))
        .withMessageStartingWith("EVP_CIPHER_fetch failed: error:")
        .withMessageContaining("unsupported");
  }

  @Test
  void everyNativeContextIsFreed() {
    MemorySegment data = MemorySegment.ofArray(new byte[512]);
    MemorySegment key = MemorySegment.ofArray(bytes(64));
    long before = LibCrypto.openContexts();
    for (int i = 0; i < 1000; i++) {
      try (DataUnitCipher cipher = engine().prepare(CryptoMode.AES_256_XTS, key)) {
        cipher.encrypt(i, 0, 0, 0, 512, data, 0, data, 0, 512);
        cipher.decrypt(i, 0, 0, 0, 512, data, 0, data, 0, 512);
        assertThat(LibCrypto.openContexts()).isEqualTo(before + 4); // two templates, two copies
      }
    }
    assertThat(LibCrypto.openContexts()).isEqualTo(before);
  }
}
