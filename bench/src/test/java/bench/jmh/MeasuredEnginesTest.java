package bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;

class MeasuredEnginesTest {
  @Test
  void autoIsTheEngineThatIsTakenForTheModeByItsOwnName() throws CommandLineOptionException {
    String ofXts = CipherEngine.fastest(CryptoMode.AES_256_XTS).name();
    assertThat(engines(MeasuredEngines.orAuto(options()))).containsExactly(ofXts);
    assertThat(engines(MeasuredEngines.orAll(options("-p", "engine=auto")))).containsExactly(ofXts);
    assertThat(engines(MeasuredEngines.orAuto(options("-p", "mode=AES_256_CBC"))))
        .containsExactly("jce");
  }

  @Test
  void autoOfModesWithDifferentEnginesIsEachOnce() throws CommandLineOptionException {
    Options options = options("-p", "mode=AES_256_XTS,AES_256_CBC,AES_128_XTS");
    assertThat(engines(MeasuredEngines.orAuto(options)))
        .containsExactlyInAnyOrder(CipherEngine.fastest(CryptoMode.AES_256_XTS).name(), "jce");
  }

  @Test
  void withoutAnEngineThoseThatLackAModeAreLeftOut() throws CommandLineOptionException {
    assertThat(engines(MeasuredEngines.orAll(options())))
        .contains("jce", "bouncycastle", "reference");
    assertThat(engines(MeasuredEngines.orAll(options("-p", "mode=SM4_XTS,AES_256_XTS"))))
        .contains("bouncycastle", "reference")
        .doesNotContain("jce");
  }

  @Test
  void anEngineThatIsNamedHasToHaveTheMode() throws CommandLineOptionException {
    Options options = options("-p", "engine=jce", "-p", "mode=SM4_XTS");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredEngines.orAuto(options))
        .withMessage("jce does not have SM4_XTS");
  }

  private static Options options(String... arguments) throws CommandLineOptionException {
    return new CommandLineOptions(arguments);
  }

  private static Collection<String> engines(Options options) {
    return options.getParameter("engine").get();
  }
}
