package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AesEcbDerivationTest {
  /** Computed by xfstests' {@code fscrypt-crypt-util} and by an independent program. */
  private static final String DERIVED =
      "bf6529be6d7553abe7b4e048c65b313531fdd13a5873c09df76c5c19943a22d1"
          + "d1468430ec7fdd388e0932d2cb9f4a8d43694b639412e6b7aa0c539e0debca90";

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void eachBlockOfTheMasterKeyIsEncryptedUnderTheNonce(int lengthBytes) {
    byte[] key = new byte[lengthBytes];
    AesEcbDerivation.perFileKey(Vectors.masterKey(), Vectors.nonce(), key);
    assertThat(Vectors.hex(key)).isEqualTo(DERIVED.substring(0, 2 * lengthBytes));
  }

  @Test
  void aMasterKeyShorterThanTheKeyIsRefused() {
    byte[] masterKey = Arrays.copyOf(Vectors.masterKey(), 63);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AesEcbDerivation.perFileKey(masterKey, Vectors.nonce(), new byte[64]))
        .withMessageContaining("63");
  }

  @Test
  void aKeyOfBrokenBlocksIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AesEcbDerivation.perFileKey(Vectors.masterKey(), Vectors.nonce(), new byte[20]))
        .withMessageContaining("20");
  }
}
