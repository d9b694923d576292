package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file goes with its last name and its last close. */
final class OpenInodesTest {
  @Test
  void anUnlinkedFileStaysReadableAndItsBlocksComeBackWhenItIsClosed() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      byte[] content = bytes(50_000, 1);
      machine.write("/secret/file", content);
      OpenFile first = machine.fs.open("/secret/file");
      OpenFile second = machine.fs.open("/secret/file");
      machine.fs.unlink("/secret/file");
      assertFails(Errno.ENOENT, () -> machine.fs.open("/secret/file"));
      machine.write("/secret/file", bytes(10, 2));
      machine.fs.unlink("/secret/file");
      first.close();
      second.write(1, MemorySegment.ofArray(new byte[1]));
      content[1] = 0;
      second.fsync();
      assertThat(TestMachine.read(second)).isEqualTo(content);
      machine.fs.sync();
      assertThat(machine.fs.freeBytes()).isLessThan(freeBytes);
      second.close();
      machine.fs.sync();
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
      assertThat(machine.fs.extentIds()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aFileThatWasUnlinkedWhileOpenIsGoneAfterAPowerCut(StrategyKind strategy) {
    byte[] medium;
    long freeBytes;
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      machine.fs.sync();
      freeBytes = machine.fs.freeBytes();
      machine.write("/secret/file", bytes(50_000, 1));
      try (OpenFile file = machine.fs.open("/secret/file")) {
        machine.fs.unlink("/secret/file");
        machine.fs.sync();
        assertThat(file.sizeBytes()).isEqualTo(50_000);
        medium = machine.mediumBytes();
      }
    }
    try (TestMachine machine = new TestMachine(medium)) {
      assertThat(machine.fs.list("/secret")).isEmpty();
      assertThat(machine.fs.extentIds()).isEmpty();
      machine.fs.sync();
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
    }
  }
}
