package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineChoiceTest {
  private static final LibCryptoLoading NOT_FOUND =
      LibCryptoLoading.of(List.of("libno-such-crypto.so.3", "libno-such-crypto.so"));

  private final OpenSslEngine missing = new OpenSslEngine(NOT_FOUND);
  private final EngineChoice choice =
      new EngineChoice(List.of(missing, new BouncyCastleEngine(), new ReferenceEngine()));

  @Test
  void enginesAreListedFastestFirst() {
    assertThat(CipherEngine.all())
        .extracting(CipherEngine::name)
        .containsExactly("openssl", "jce", "bouncycastle", "reference");
    assertThat(CipherEngine.fastest(CryptoMode.AES_256_XTS).name()).isEqualTo("openssl");
  }

  @Test
  void chainedModesAreFasterWithTheJdk() {
    assertThat(CipherEngine.fastest(CryptoMode.AES_128_CBC_ESSIV).name()).isEqualTo("jce");
    assertThat(CipherEngine.fastest(CryptoMode.SM4_CBC_CTS).name()).isNotEqualTo("jce");
    assertThat(CipherEngine.fastest(CryptoMode.AES_256_CBC_CTS).name()).isEqualTo("jce");
  }

  @Test
  void aChainedModeGoesElsewhereWhenTheJdkHasNoAes() {
    EngineChoice withoutJce =
        new EngineChoice(
            List.of(missing, new JceEngine("NoSuchProvider"), new BouncyCastleEngine()));
    assertThat(withoutJce.fastest(CryptoMode.AES_256_CBC).name()).isEqualTo("bouncycastle");
    assertThatIllegalStateException()
        .isThrownBy(() -> withoutJce.named("jce"))
        .withMessageContaining("this Java runtime has no provider NoSuchProvider");
  }

  @Test
  void theFastestSkipsAnEngineThatIsNotThere() {
    assertThat(choice.fastest(CryptoMode.AES_256_XTS).name()).isEqualTo("bouncycastle");
  }

  @ParameterizedTest
  @EnumSource
  void theFastestOfAModeIsTheFirstThatHasIt(CryptoMode mode) {
    CipherEngine fastest = choice.fastest(mode);
    assertThat(choice.engines())
        .filteredOn(engine -> engine != missing && engine.supports(mode))
        .startsWith(fastest);
  }

  @ParameterizedTest
  @EnumSource
  void theFastestOfAnAuthenticatedModeIsTheFirstThatHasIt(AeadMode mode) {
    CipherEngine fastest = choice.fastest(mode);
    assertThat(choice.engines())
        .filteredOn(engine -> engine != missing && engine.supports(mode))
        .startsWith(fastest);
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CipherEngine.named("OpenSSL"))
        .withMessage(
            "no engine is named \"OpenSSL\"; there are openssl, jce, bouncycastle, reference");
  }

  @Test
  void aForcedEngineThatIsMissingIsAnErrorWithItsCause() {
    String cause = "no libno-such-crypto.so.3 or libno-such-crypto.so found";
    assertThat(missing.unavailableBecause()).contains(cause);
    assertThat(missing.selfTest()).contains(cause);
    assertThatIllegalStateException()
        .isThrownBy(() -> choice.named("openssl"))
        .withMessage("engine openssl is not available: " + cause);
    assertThatIllegalStateException()
        .isThrownBy(
            () -> missing.prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(new byte[64])))
        .withMessage("engine openssl is not available: " + cause);
  }

  @Test
  void aLibraryThatIsNoLibcryptoIsTooOld() {
    LibCryptoLoading loading = LibCryptoLoading.of(List.of("libc.so.6"));
    assertThat(loading.cause()).contains("libc.so.6 is no libcrypto of OpenSSL 3.0 or newer");
    assertThat(loading.symbols()).isEmpty();
  }

  @Test
  void aLibraryThatIsTooOldIsTheCauseThoughTheOtherNameIsNotThere() {
    LibCryptoLoading loading = LibCryptoLoading.of(List.of("libc.so.6", "libno-such-crypto.so"));
    assertThat(loading.cause()).contains("libc.so.6 is no libcrypto of OpenSSL 3.0 or newer");
  }
}
