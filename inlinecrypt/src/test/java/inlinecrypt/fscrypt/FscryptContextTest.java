package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FscryptContextTest {
  private static final byte[] ENCODED =
      Vectors.unhex("0201040300000000" + Vectors.IDENTIFIER + Vectors.NONCE);

  @Test
  void theEncodingIsThePolicyAndThenTheNonce() {
    assertThat(Vectors.context().encode()).isEqualTo(ENCODED);
    assertThat(FscryptContext.parse(ENCODED)).isEqualTo(Vectors.context());
  }

  @Test
  void onlyExactly40BytesAreTaken() {
    for (int lengthBytes = 0; lengthBytes <= 48; lengthBytes++) {
      if (lengthBytes != 40) {
        byte[] encoded = Arrays.copyOf(ENCODED, lengthBytes);
        assertThat(Rejections.refused(Errno.EINVAL, () -> FscryptContext.parse(encoded)))
            .contains("" + lengthBytes);
      }
    }
  }

  @Test
  void aVersion1ContextIsRefused() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 0, v -> v == 2, FscryptContext::parse);
  }

  @Test
  void whatThePolicyRefusesTheContextRefuses() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 1, v -> v == 1, FscryptContext::parse);
    Rejections.onlyTheseValuesAreTaken(ENCODED, 2, v -> v == 4, FscryptContext::parse);
    Rejections.onlyTheseValuesAreTaken(ENCODED, 3, v -> v <= 3, FscryptContext::parse);
    Rejections.onlyTheseValuesAreTaken(
        ENCODED, 4, v -> v == 0 || (v >= 9 && v <= 30), FscryptContext::parse);
    for (int offset = 5; offset < 8; offset++) {
      Rejections.onlyTheseValuesAreTaken(ENCODED, offset, v -> v == 0, FscryptContext::parse);
    }
  }

  @Test
  void everyByteOfIdentifierAndNonceIsTakenAndKept() {
    for (int offset = 8; offset < 40; offset++) {
      byte[] encoded = ENCODED.clone();
      encoded[offset] ^= 0x01;
      FscryptContext context = FscryptContext.parse(encoded);
      assertThat(context.encode()).isEqualTo(encoded);
      assertThat(context).isNotEqualTo(Vectors.context());
    }
  }
}
