package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import inlinecrypt.Errno;
import java.util.function.IntPredicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How tests say that something is refused with an error number. */
final class Rejections {
  private Rejections() {}

  /** Asserts the refusal and returns its message. */
  static String refused(Errno errno, ThrowingCallable call) {
    FscryptException exception = catchThrowableOfType(FscryptException.class, call);
    assertThat(exception).as("must be refused").isNotNull();
    assertThat(exception.errno()).isEqualTo(errno);
    assertThat(exception.getMessage()).isNotBlank().doesNotContain("\n");
    return exception.getMessage();
  }

  interface Parser {
    Object parse(byte[] encoded);
  }

  /** Asserts that of the 256 values of one byte exactly the valid ones are taken, else EINVAL. */
  static void onlyTheseValuesAreTaken(
      byte[] valid, int offset, IntPredicate isValid, Parser parser) {
    for (int value = 0; value < 256; value++) {
      byte[] encoded = valid.clone();
      encoded[offset] = (byte) value;
      if (isValid.test(value)) {
        assertThat(parser.parse(encoded)).isNotNull();
      } else {
        assertThat(refused(Errno.EINVAL, () -> parser.parse(encoded)))
            .as("byte %d is %d", offset, value)
            .matches(".*(" + value + "|0x" + "%02x".formatted(value & ~3) + ").*");
      }
    }
  }
}
