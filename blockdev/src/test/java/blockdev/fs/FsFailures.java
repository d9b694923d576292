package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inlinecrypt.Errno;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The assertion that an operation fails as the filesystem says. */
final class FsFailures {
  private FsFailures() {}

  static void assertFails(Errno errno, ThrowingCallable operation) {
    assertThatThrownBy(operation)
        .asInstanceOf(InstanceOfAssertFactories.type(FsException.class))
        .returns(errno, FsException::errno);
  }
}
