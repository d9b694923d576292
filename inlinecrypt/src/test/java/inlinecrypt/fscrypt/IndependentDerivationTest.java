package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndependentDerivationTest {
  @ParameterizedTest
  @CsvSource({
    "1, '', " + Vectors.IDENTIFIER,
    "2, " + Vectors.NONCE + ", " + Vectors.PER_FILE_KEY,
    "9, " + Vectors.NONCE + ", " + Vectors.PER_EXTENT_KEY
  })
  void theOracleKnowsTheVectors(int context, String info, String expected) {
    assertThat(
            IndependentDerivation.derive(
                Vectors.masterKey(), context, Vectors.unhex(info), expected.length() / 2))
        .isEqualTo(Vectors.unhex(expected));
  }
}
