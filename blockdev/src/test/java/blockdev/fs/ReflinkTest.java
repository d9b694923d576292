package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import inlinecrypt.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReflinkTest {
  private final byte[] content = bytes(100_000, 1);

  @Test
  void aCloneSharesEveryExtentAndAddsNoNonce() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      machine.write("/secret/a", content);
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      machine.fs.reflink("/secret/a", "/secret/b");
      machine.fs.sync();

      assertThat(machine.fs.extents("/secret/b")).isEqualTo(machine.fs.extents("/secret/a"));
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
      assertThat(machine.read("/secret/b")).isEqualTo(content);
      machine.assertMediumHolds("/secret/b", content);
    }
  }

  @Test
  void aCloneHasWhatWasStillDirtyInItsSource() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/a")) {
        file.write(0, MemorySegment.ofArray(content));
        machine.fs.reflink("/secret/a", "/secret/b");
      }
      assertThat(machine.read("/secret/b")).isEqualTo(content);
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/b")).isEqualTo(content);
    }
  }

  @Test
  void writingToOneSideLeavesTheOther() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      machine.write("/secret/a", content);
      machine.fs.reflink("/secret/a", "/secret/b");
      byte[] changed = content.clone();
      byte[] part = bytes(5000, 2);
      System.arraycopy(part, 0, changed, 20_000, part.length);
      machine.overwrite("/secret/b", 20_000, part);
      machine.fs.unlink("/secret/a");
      machine.write("/secret/a", content);

      assertThat(machine.read("/secret/a")).isEqualTo(content);
      assertThat(machine.read("/secret/b")).isEqualTo(changed);
      machine.assertMediumHolds("/secret/a", content);
      machine.assertMediumHolds("/secret/b", changed);
    }
  }

  @Test
  void sharedBlocksAreFreedWithTheLastOwner() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      machine.fs.sync();
      long freeBytes = machine.fs.freeBytes();
      machine.write("/secret/a", content);
      machine.fs.reflink("/secret/a", "/secret/b");
      machine.fs.reflink("/secret/b", "/secret/c");
      machine.fs.unlink("/secret/a");
      machine.fs.unlink("/secret/c");
      machine.fs.sync();
      assertThat(machine.read("/secret/b")).isEqualTo(content);
      machine.fs.unlink("/secret/b");
      machine.fs.sync();

      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void plainFilesAreSharedWithAnyStrategy(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.write("/a", content);
      machine.fs.reflink("/a", "/b");

      assertThat(machine.read("/b")).isEqualTo(content);
      assertThat(machine.fs.extents("/b")).isEqualTo(machine.fs.extents("/a"));
    }
  }

  @Test
  void withOneKeyForEachInodeCiphertextIsNotShared() {
    try (TestMachine machine = TestMachine.of(StrategyKind.PER_INODE)) {
      machine.makeSecret();
      machine.write("/secret/a", content);

      assertFails(Errno.EOPNOTSUPP, () -> machine.fs.reflink("/secret/a", "/secret/b"));
      assertFails(Errno.ENOENT, () -> machine.fs.open("/secret/b"));
    }
  }

  @Test
  void aCloneThatFailsHalfWayIsNotLeftOpen() throws IOException {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.write("/a", content);
      machine.damageExtents(MVMap::clear);

      assertFails(Errno.EUCLEAN, () -> machine.fs.reflink("/a", "/b"));
      assertThatCode(machine.fs::close).doesNotThrowAnyException();
    }
  }
}
