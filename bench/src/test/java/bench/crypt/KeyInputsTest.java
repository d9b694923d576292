package bench.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoMode;
import inlinecrypt.fscrypt.Nonce;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyInputsTest {
  private static final Nonce NONCE = new Nonce(1, 2);

  @ParameterizedTest
  @CsvSource({
    "HKDF_SHA512, PER_FILE, 1, file nonce",
    "AES_128_ECB, PER_FILE, 1, file nonce",
    "HKDF_SHA512, DIRECT_KEY, 0, mode number",
    "HKDF_SHA512, IV_INO_LBLK_64, 0, mode number",
    "HKDF_SHA512, IV_INO_LBLK_32, 0, mode number",
    "HKDF_SHA512, IV_INO_LBLK_64, 1, filesystem UUID",
    "HKDF_SHA512, IV_INO_LBLK_32, 1, filesystem UUID"
  })
  void whatAKeyNeedsIsNamedWhenItIsMissing(
      Kdf kdf, IvMethod method, int modeNumber, String missing) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs(kdf, method, modeNumber, null, false, false).deriveKey(key(64)))
        .withMessageContaining(missing);
  }

  @ParameterizedTest
  @CsvSource({"DIRECT_KEY, file nonce", "IV_INO_LBLK_64, inode", "IV_INO_LBLK_32, inode"})
  void whatIvsNeedIsNamedWhenItIsMissing(IvMethod method, String missing) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inputs(Kdf.HKDF_SHA512, method, 1, null, false, false).ivScheme(key(64)))
        .withMessageContaining(missing);
  }

  @Test
  void v1PoliciesHaveNoSharedDerivedKeys() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            inputs(Kdf.AES_128_ECB, IvMethod.DIRECT_KEY, 1, NONCE, false, false).deriveKey(key(64)))
        .withMessageContaining("direct-key");
  }

  @Test
  void theInlineKeyIsOnlyForWrappedKeysAndSharedIvs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            inputs(Kdf.HKDF_SHA512, IvMethod.IV_INO_LBLK_64, 1, NONCE, false, true)
                .deriveKey(key(32)))
        .withMessageContaining("enable-hw-kdf");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            inputs(Kdf.HKDF_SHA512, IvMethod.PER_FILE, 1, NONCE, true, true).deriveKey(key(32)))
        .withMessageContaining("iv-ino-lblk-64");
  }

  @Test
  void aV2MasterKeyNeedsTheModesStrengthAndAV1KeyItsLength() {
    assertThat(
            inputs(Kdf.HKDF_SHA512, IvMethod.PER_FILE, 1, NONCE, false, false).deriveKey(key(32)))
        .hasSize(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            inputs(Kdf.HKDF_SHA512, IvMethod.PER_FILE, 1, NONCE, false, false).deriveKey(key(31)))
        .withMessageContaining("31 bytes");
    for (Kdf kdf : new Kdf[] {Kdf.NONE, Kdf.AES_128_ECB}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> inputs(kdf, IvMethod.PER_FILE, 1, NONCE, false, false).deriveKey(key(63)))
          .withMessageContaining("63 bytes");
    }
  }

  private static KeyInputs inputs(
      Kdf kdf,
      IvMethod method,
      int modeNumber,
      @Nullable Nonce nonce,
      boolean enableHwKdf,
      boolean useInlinecryptKey) {
    return new KeyInputs(
        CryptoMode.AES_256_XTS,
        kdf,
        method,
        modeNumber,
        nonce,
        null,
        0,
        enableHwKdf,
        useInlinecryptKey);
  }

  private static byte[] key(int lengthBytes) {
    return new byte[lengthBytes];
  }
}
