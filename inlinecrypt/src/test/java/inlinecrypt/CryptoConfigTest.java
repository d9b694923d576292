package inlinecrypt;

import static inlinecrypt.CryptoMode.AES_256_XTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code blk_crypto_init_key} takes, and what a device supports. */
class CryptoConfigTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 512, 4096, 1 << 30})
  void aDataUnitSizeIsAnyPowerOfTwo(int sizeBytes) {
    CryptoConfig config = new CryptoConfig(AES_256_XTS, sizeBytes, 8);
    assertThat(1 << config.dataUnitShift()).isEqualTo(sizeBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4095, -512, Integer.MIN_VALUE})
  void anotherDataUnitSizeIsRefused(int sizeBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoConfig(AES_256_XTS, sizeBytes, 8))
        .withMessageContaining(Integer.toString(sizeBytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17, -1})
  void aDataUnitNumberWiderThanTheIvIsRefused(int dunBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoConfig(AES_256_XTS, 4096, dunBytes))
        .withMessageContaining("is " + dunBytes);
  }

  @Test
  void aDataUnitNumberMayFillTheIv() {
    assertThat(new CryptoConfig(AES_256_XTS, 4096, 16).dunBytes()).isEqualTo(16);
  }

  @Test
  void aProfileSupportsTheDataUnitSizesInItsMask() {
    CryptoProfile profile = new CryptoProfile(1, 8, Map.of(AES_256_XTS, 0x1000));
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 512, 8))).isFalse();
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 4096, 8))).isTrue();
  }

  @Test
  void aProfileSupportsDataUnitNumbersAsWideAsItsOwn() {
    CryptoProfile profile = new CryptoProfile(1, 8, Map.of(AES_256_XTS, 0x1000));
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 4096, 9))).isFalse();
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 4096, 8))).isTrue();
  }

  @Test
  void aProfileWithoutTheModeSupportsNothing() {
    CryptoProfile profile = new CryptoProfile(0, 32, Map.of());
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 4096, 8))).isFalse();
  }
}
