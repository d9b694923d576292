package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FscryptPolicyTest {
  private static final byte[] ENCODED =
      Vectors.unhex("02" + "01" + "04" + "03" + "0c" + "000000" + Vectors.IDENTIFIER);

  @Test
  void theEncodingHasTheFieldsOfTheKernelStructure() {
    FscryptPolicy policy =
        new FscryptPolicy(
            FscryptMode.AES_256_XTS, FscryptMode.AES_256_CBC_CTS, 3, 12, Vectors.identifier());
    assertThat(policy.encode()).isEqualTo(ENCODED);
    assertThat(FscryptPolicy.parse(ENCODED)).isEqualTo(policy);
  }

  @Test
  void contentsAreAes256Xts() {
    assertThat(FscryptPolicy.parse(ENCODED).contentsCryptoMode()).isEqualTo(CryptoMode.AES_256_XTS);
  }

  @Test
  void policiesThatDifferOnlyInPaddingAreDifferent() {
    byte[] other = ENCODED.clone();
    other[3] = 0;
    assertThat(FscryptPolicy.parse(other)).isNotEqualTo(FscryptPolicy.parse(ENCODED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12, 23, 25, 40})
  void anyOtherLengthIsRefused(int lengthBytes) {
    assertThat(
            Rejections.refused(
                Errno.EINVAL, () -> FscryptPolicy.parse(Arrays.copyOf(ENCODED, lengthBytes))))
        .contains("" + lengthBytes);
  }

  @Test
  void onlyVersion2IsTaken() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 0, v -> v == 2, FscryptPolicy::parse);
  }

  @Test
  void onlyTheXtsAndCtsPairIsTaken() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 1, v -> v == 1, FscryptPolicy::parse);
    Rejections.onlyTheseValuesAreTaken(ENCODED, 2, v -> v == 4, FscryptPolicy::parse);
  }

  @Test
  void onlyPaddingFlagsAreTaken() {
    Rejections.onlyTheseValuesAreTaken(ENCODED, 3, v -> v <= 3, FscryptPolicy::parse);
  }

  @Test
  void dataUnitsHaveAtLeast512Bytes() {
    Rejections.onlyTheseValuesAreTaken(
        ENCODED, 4, v -> v == 0 || (v >= 9 && v <= 30), FscryptPolicy::parse);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7})
  void reservedBytesMustBeZero(int offset) {
    Rejections.onlyTheseValuesAreTaken(ENCODED, offset, v -> v == 0, FscryptPolicy::parse);
  }

  @Test
  void everyByteOfTheIdentifierIsTakenAndKept() {
    for (int offset = 8; offset < 24; offset++) {
      byte[] encoded = ENCODED.clone();
      encoded[offset] ^= (byte) 0x80;
      assertThat(FscryptPolicy.parse(encoded).encode()).isEqualTo(encoded);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 4096, 4096", "0, 512, 512", "9, 4096, 512", "12, 4096, 4096"})
  void theDataUnitIsTheBlockUnlessThePolicySaysLess(int log2, int blockBytes, int expectedBytes) {
    assertThat(policyWithLog2(log2).dataUnitSizeBytes(blockBytes)).isEqualTo(expectedBytes);
  }

  @Test
  void aDataUnitLargerThanABlockIsRefused() {
    assertThat(Rejections.refused(Errno.EINVAL, () -> policyWithLog2(13).dataUnitSizeBytes(4096)))
        .contains("13")
        .contains("4096");
  }

  private static FscryptPolicy policyWithLog2(int log2) {
    return new FscryptPolicy(
        FscryptMode.AES_256_XTS, FscryptMode.AES_256_CBC_CTS, 0, log2, Vectors.identifier());
  }
}
