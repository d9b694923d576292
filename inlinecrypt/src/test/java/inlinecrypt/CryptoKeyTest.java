package inlinecrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CryptoKeyTest {
  private static final CryptoConfig CONFIG = new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8);

  private static final CryptoConfig WRAPPED = CONFIG.withKeyType(KeyType.HARDWARE_WRAPPED);

  private final byte[] raw = raw();

  @ParameterizedTest
  @ValueSource(ints = {0, 32, 63, 65})
  void aKeyOfAnotherLengthThanTheModesIsRefused(int lengthBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoKey(CONFIG, new byte[lengthBytes]))
        .withMessageContaining("64 bytes, not " + lengthBytes);
  }

  @ParameterizedTest
  @EnumSource
  void aRawKeyHasTheModesLength(CryptoMode mode) {
    byte[] bytes = Arrays.copyOf(raw, mode.keyBytes());
    try (CryptoKey key = new CryptoKey(new CryptoConfig(mode, 4096, 8), bytes)) {
      assertThat(key.exposeSecretBytes().byteSize()).isEqualTo(mode.keyBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 68, 100, 128})
  void aWrappedKeyHasFromTheModesStrengthTo128Bytes(int lengthBytes) {
    try (CryptoKey key = new CryptoKey(WRAPPED, new byte[lengthBytes])) {
      assertThat(key.exposeSecretBytes().byteSize()).isEqualTo(lengthBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 129})
  void aWrappedKeyOfAnotherLengthIsRefused(int lengthBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoKey(WRAPPED, new byte[lengthBytes]))
        .withMessageContaining("32 to 128 bytes, not " + lengthBytes);
  }

  @Test
  void aWeakerModeTakesAShorterWrappedKey() {
    CryptoConfig essiv = new CryptoConfig(CryptoMode.AES_128_CBC_ESSIV, 4096, 8);
    new CryptoKey(essiv.withKeyType(KeyType.HARDWARE_WRAPPED), new byte[16]).close();
  }

  @Test
  void aWrappedKeyMayHaveEqualHalvesForItIsABlob() {
    byte[] blob = new byte[64];
    new CryptoKey(WRAPPED, blob).close();
    assertThatIllegalArgumentException().isThrownBy(() -> new CryptoKey(CONFIG, blob));
  }

  @Test
  void endingAUseThatNobodyBeganIsACallersMistake() {
    try (CryptoKey key = new CryptoKey(CONFIG, raw)) {
      assertThatIllegalStateException().isThrownBy(key::endUse);
    }
  }

  @Test
  void anXtsKeyWithEqualHalvesIsRefused() {
    System.arraycopy(raw, 0, raw, 32, 32);
    assertThatIllegalArgumentException().isThrownBy(() -> new CryptoKey(CONFIG, raw));
  }

  @Test
  void theKeyHasItsOwnCopyOfTheBytes() {
    byte[] before = raw.clone();
    try (CryptoKey key = new CryptoKey(CONFIG, raw)) {
      raw[0]++;
      assertThat(key.exposeSecretBytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
      assertThat(key.exposeSecretBytes().isReadOnly()).isTrue();
    }
  }

  @Test
  void keysWithEqualBytesAreTwoKeys() {
    try (CryptoKey one = new CryptoKey(CONFIG, raw);
        CryptoKey other = new CryptoKey(CONFIG, raw)) {
      assertThat(one).isNotEqualTo(other);
    }
  }

  @Test
  void closingWipesTheBytes() {
    CryptoKey key = new CryptoKey(CONFIG, raw);
    MemorySegment bytes = key.exposeSecretBytes();
    key.close();
    assertThat(bytes.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
  }

  @Test
  void aClosedKeyCannotBeUsed() {
    CryptoKey key = new CryptoKey(CONFIG, raw);
    key.close();
    key.close();
    assertThatIllegalStateException().isThrownBy(key::exposeSecretBytes);
    assertThatIllegalStateException().isThrownBy(key::beginUse);
    assertThatIllegalStateException().isThrownBy(key::checkOpen);
  }

  @Test
  void aKeyInUseIsNotClosed() {
    CryptoKey key = new CryptoKey(CONFIG, raw);
    byte[] before = raw.clone();
    key.beginUse();
    key.beginUse();
    key.endUse();
    assertThatIllegalStateException().isThrownBy(key::close).withMessageContaining("1 slots");
    assertThat(key.exposeSecretBytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
    key.endUse();
    key.close();
  }

  @Test
  void printingAKeyOrAContextShowsNoSecret() {
    try (CryptoKey key = new CryptoKey(CONFIG, raw)) {
      CryptoContext context = new CryptoContext();
      context.set(key, 5);
      assertThat(key.toString()).isEqualTo("CryptoKey[" + CONFIG + "]");
      assertThat(context.toString()).startsWith(key.toString());
    }
  }

  private static byte[] raw() {
    byte[] raw = new byte[64];
    new Random(64).nextBytes(raw);
    return raw;
  }
}
