package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import inlinecrypt.Errno;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExtentContextTest {
  private static final byte[] ENCODED = Vectors.unhex("0101" + Vectors.IDENTIFIER + Vectors.NONCE);

  private static final FscryptPolicy POLICY = Vectors.context().policy();

  @Test
  void theEncodingIsThatOfSeriesV7() {
    ExtentContext context =
        new ExtentContext(FscryptMode.AES_256_XTS, Vectors.identifier(), Vectors.nonce());
    assertThat(context.encode()).isEqualTo(ENCODED).hasSize(34);
    assertThat(ExtentContext.parse(ENCODED)).isEqualTo(context);
  }

  @Test
  void fewerThan34BytesAreRefused() {
    for (int lengthBytes = 0; lengthBytes < 34; lengthBytes++) {
      byte[] encoded = Arrays.copyOf(ENCODED, lengthBytes);
      assertThat(Rejections.refused(Errno.EINVAL, () -> ExtentContext.parse(encoded)))
          .contains("" + lengthBytes);
    }
  }

  @Test
  void bytesAfterTheContextAreIgnored() {
    byte[] longer = Arrays.copyOf(ENCODED, 40);
    Arrays.fill(longer, 34, 40, (byte) 0xff);
    assertThat(ExtentContext.parse(longer)).isEqualTo(ExtentContext.parse(ENCODED));
  }

  @Test
  void onlyVersion1IsTaken() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 0, v -> v == 1, ExtentContext::parse);
  }

  @Test
  void theInodesContentsModeIsTheOnlyOneTaken() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 1, v -> v == 1, ExtentContextTest::parseAndMatch);
  }

  @Test
  void anotherMasterKeyThanTheInodesIsRefused() {
    for (int offset = 2; offset < 18; offset++) {
      byte[] encoded = ENCODED.clone();
      encoded[offset] ^= 0x10;
      assertThat(Rejections.refused(Errno.EINVAL, () -> parseAndMatch(encoded)))
          .contains(Vectors.IDENTIFIER)
          .contains(ExtentContext.parse(encoded).identifier().toString());
    }
  }

  /** Nothing in the format can tell: only authentication would. */
  @Test
  void anotherNonceIsNotNoticed() {
    for (int offset = 18; offset < 34; offset++) {
      byte[] encoded = ENCODED.clone();
      encoded[offset] ^= 0x10;
      assertThatCode(() -> parseAndMatch(encoded)).doesNotThrowAnyException();
    }
  }

  private static ExtentContext parseAndMatch(byte[] encoded) {
    ExtentContext context = ExtentContext.parse(encoded);
    context.requireMatch(POLICY);
    return context;
  }
}
