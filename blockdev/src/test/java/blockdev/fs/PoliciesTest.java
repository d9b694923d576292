package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One policy for a whole tree, decided while it is empty. */
final class PoliciesTest {
  private final byte[] content = bytes(100_000, 1);

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aPolicyGoesToAnEmptyDirectoryWhoseKeyIsThereAndStays(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      KeyIdentifier other = machine.fs.addKey(TestMachine.OTHER_KEY);
      machine.write("/secret/file", content);
      machine.fs.makeDirectory("/full");
      machine.fs.makeDirectory("/full/below");
      machine.fs.makeDirectory("/secret/below");

      machine.fs.setPolicy("/secret", key);
      machine.fs.setPolicy("/secret/below", key);
      assertFails(Errno.EEXIST, () -> machine.fs.setPolicy("/secret", other));
      assertFails(Errno.EEXIST, () -> machine.fs.setPolicy("/secret/below", other));
      assertFails(Errno.ENOTEMPTY, () -> machine.fs.setPolicy("/full", key));
      assertFails(Errno.ENOTDIR, () -> machine.fs.setPolicy("/secret/file", key));
      assertFails(Errno.ENOENT, () -> machine.fs.setPolicy("/nothing", key));
      machine.fs.removeKey(other);
      assertFails(Errno.ENOKEY, () -> machine.fs.setPolicy("/full/below", other));
    }
  }

  @Test
  void aCloneStaysUnderItsPolicy() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      KeyIdentifier other = machine.fs.addKey(TestMachine.OTHER_KEY);
      machine.fs.makeDirectory("/other");
      machine.fs.setPolicy("/other", other);
      machine.fs.makeDirectory("/secret/below");
      machine.write("/secret/a", content);
      machine.write("/plain", content);

      assertFails(Errno.EXDEV, () -> machine.fs.reflink("/secret/a", "/other/a"));
      assertFails(Errno.EXDEV, () -> machine.fs.reflink("/secret/a", "/a"));
      assertFails(Errno.EXDEV, () -> machine.fs.reflink("/plain", "/secret/plain"));
      machine.fs.reflink("/secret/a", "/secret/below/a");
      assertThat(machine.read("/secret/below/a")).isEqualTo(content);
    }
  }
}
