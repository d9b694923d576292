package inlinecrypt;

import static inlinecrypt.CryptoMode.ADIANTUM;
import static inlinecrypt.CryptoMode.AES_256_XTS;
import static inlinecrypt.KeyType.HARDWARE_WRAPPED;
import static inlinecrypt.KeyType.RAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code blk_crypto_init_key} takes. */
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
    assertThat(new CryptoConfig(ADIANTUM, 4096, 32).dunBytes()).isEqualTo(32);
  }

  @Test
  void aWrappedKeyNeedsHardwareThatMayUseIt() {
    CryptoConfig raw = new CryptoConfig(AES_256_XTS, 4096, 8);
    assertThat(raw.withKeyType(HARDWARE_WRAPPED).allowHardware()).isTrue();
    assertThat(raw.withAllowHardware(false).keyType()).isEqualTo(RAW);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> raw.withKeyType(HARDWARE_WRAPPED).withAllowHardware(false))
        .withMessageContaining("allowHardware");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> raw.withAllowHardware(false).withKeyType(HARDWARE_WRAPPED));
  }

  @Test
  void theKeyTypeIsCheckedBeforeTheNumbersAndTheirWidthBeforeTheUnits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoConfig(AES_256_XTS, 3, 0, HARDWARE_WRAPPED, false))
        .withMessageContaining("allowHardware");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoConfig(AES_256_XTS, 3, 0))
        .withMessageContaining("dunBytes");
  }

  @Test
  void aConfigurationSaysOtherwiseOnlyWhatItIsToldTo() {
    CryptoConfig config = new CryptoConfig(ADIANTUM, 512, 24);
    assertThat(config).isEqualTo(new CryptoConfig(ADIANTUM, 512, 24, RAW, true));
    assertThat(config.withAllowHardware(false))
        .isEqualTo(new CryptoConfig(ADIANTUM, 512, 24, RAW, false));
    assertThat(config.withKeyType(HARDWARE_WRAPPED))
        .isEqualTo(new CryptoConfig(ADIANTUM, 512, 24, HARDWARE_WRAPPED, true));
  }
}
