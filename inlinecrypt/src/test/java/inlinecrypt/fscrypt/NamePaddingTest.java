package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePaddingTest {
  @ParameterizedTest
  @CsvSource({
    "1, 4, 16", // never less than a block
    "16, 4, 16",
    "17, 4, 20", // need not be whole blocks
    "17, 32, 32",
    "250, 32, 255", // not 256
    "252, 4, 252",
    "255, 32, 255"
  })
  void aNameIsPaddedButNeverBeyond255Bytes(int lengthBytes, int paddingBytes, int expected) {
    assertThat(NamePadding.paddedBytes(lengthBytes, paddingBytes, NamePadding.MAX_NAME_BYTES))
        .isEqualTo(expected);
  }

  @Test
  void aSymlinkMayBeLonger() {
    assertThat(NamePadding.paddedBytes(4080, 32, NamePadding.MAX_SYMLINK_BYTES)).isEqualTo(4093);
    assertThat(NamePadding.paddedBytes(14, 32, NamePadding.MAX_SYMLINK_BYTES)).isEqualTo(32);
  }

  @Test
  void aHugePaddingFillsUpToTheLongest() {
    assertThat(NamePadding.paddedBytes(17, 1 << 30, 255)).isEqualTo(255);
  }

  @Test
  void whatCannotBePaddedIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamePadding.paddedBytes(256, 4, 255))
        .withMessageContaining("256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamePadding.paddedBytes(10, 12, 255))
        .withMessageContaining("12");
    assertThatIllegalArgumentException().isThrownBy(() -> NamePadding.paddedBytes(10, 4, 15));
  }
}
