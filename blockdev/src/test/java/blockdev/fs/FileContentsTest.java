package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file holds and where, with each strategy. */
final class FileContentsTest {
  private static final int BLOCK = 4096;

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aFileReadsAsWrittenAndOnTheMediumAsPredicted(StrategyKind strategy) {
    byte[] content = bytes(300_001, 1);
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      machine.write("/plain", content);

      assertThat(machine.read("/secret/file")).isEqualTo(content);
      assertThat(machine.assertMediumHolds("/secret/file", content)).isEqualTo(74);
      assertThat(machine.assertMediumHolds("/plain", content)).isEqualTo(74);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aGapIsAHoleThatReadsAsZeros(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      byte[] expected = new byte[100 * BLOCK + 7];
      byte[] part = bytes(1000, 1);
      System.arraycopy(part, 0, expected, expected.length - part.length, part.length);
      try (OpenFile file = machine.fs.create("/secret/file")) {
        file.write(expected.length - part.length, MemorySegment.ofArray(part));
        assertThat(TestMachine.read(file)).isEqualTo(expected);
        file.fsync();
        assertThat(TestMachine.read(file)).isEqualTo(expected);
      }
      assertThat(machine.fs.extents("/secret/file"))
          .singleElement()
          .returns(99L, ExtentView::fileBlock)
          .returns(2, ExtentView::blocks);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void unalignedWritesKeepWhatIsAroundThem(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      byte[] content = bytes(10 * BLOCK, 1);
      machine.write("/secret/file", content);
      for (int[] range : new int[][] {{1, 1}, {4095, 2}, {8000, 9000}, {40_000, 5000}}) {
        byte[] part = bytes(range[1], range[0]);
        content = Arrays.copyOf(content, Math.max(content.length, range[0] + range[1]));
        System.arraycopy(part, 0, content, range[0], part.length);
        machine.overwrite("/secret/file", range[0], part);
        assertThat(machine.read("/secret/file")).isEqualTo(content);
      }
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whatTruncationCutOffReadsAsZerosWhenTheFileGrowsAgain(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      byte[] content = bytes(5 * BLOCK, 1);
      machine.write("/secret/file", content);
      try (OpenFile file = machine.fs.open("/secret/file")) {
        file.truncate(2 * BLOCK + 10);
        file.truncate(4 * BLOCK);
        byte[] expected = Arrays.copyOf(Arrays.copyOf(content, 2 * BLOCK + 10), 4 * BLOCK);
        assertThat(TestMachine.read(file)).isEqualTo(expected);
        file.fsync();
        assertThat(TestMachine.read(file)).isEqualTo(expected);
        file.truncate(0);
        assertThat(file.sizeBytes()).isZero();
        file.fsync();
      }
      assertThat(machine.fs.extents("/secret/file")).isEmpty();
      assertThat(machine.fs.extentIds()).isEmpty();
    }
  }

  @Test
  void dataUnitsCountedFromTheFilesStartAreNoticedOnTheMedium() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      byte[] content = bytes(10 * BLOCK, 1);
      machine.write("/secret/file", content);
      machine.fs.close();
      machine.fs =
          FileSystem.mount(
              machine.simulation.queue(),
              machine.simulation.blkCrypto(),
              MountOptions.seeded(1).withDataUnitsFromFileStart());
      machine.fs.addKey(TestMachine.MASTER_KEY);
      byte[] part = Arrays.copyOfRange(content, 4 * BLOCK, 5 * BLOCK);
      machine.overwrite("/secret/file", 4L * BLOCK, part);

      assertThat(machine.read("/secret/file")).as("it reads its own").isEqualTo(content);
      assertThatThrownBy(() -> machine.assertMediumHolds("/secret/file", content))
          .hasMessage("block 4 of /secret/file differs on the medium");
    }
  }

  @Test
  void whatIsBeyondTheEndIsNotRead() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.write("/file", bytes(10, 1));
      try (OpenFile file = machine.fs.open("/file")) {
        byte[] target = new byte[20];
        assertThat(file.read(4, MemorySegment.ofArray(target))).isEqualTo(6);
        assertThat(target).startsWith(Arrays.copyOfRange(bytes(10, 1), 4, 10));
        assertThat(Arrays.copyOfRange(target, 6, 20)).containsOnly(0);
        assertThat(file.read(10, MemorySegment.ofArray(target))).isZero();
        assertThat(file.read(1L << 50, MemorySegment.ofArray(target))).isZero();
      }
    }
  }

  @Test
  void offsetsOutsideOfAnyFileAreRefused() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT);
        OpenFile file = machine.fs.create("/file")) {
      MemorySegment one = MemorySegment.ofArray(new byte[1]);
      assertFails(Errno.EINVAL, () -> file.read(-1, one));
      assertFails(Errno.EINVAL, () -> file.write(-1, one));
      assertFails(Errno.EINVAL, () -> file.truncate(-1));
      assertFails(Errno.EFBIG, () -> file.write(FileContents.MAX_FILE_BYTES, one));
      assertFails(Errno.EFBIG, () -> file.truncate(FileContents.MAX_FILE_BYTES + 1));
      file.write(FileContents.MAX_FILE_BYTES - 1, one);
      assertThat(file.sizeBytes()).isEqualTo(FileContents.MAX_FILE_BYTES);
      file.fsync();
    }
  }

  @Test
  void aClosedFileIsRefusedAndAnOpenOneHoldsTheFilesystem() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      OpenFile file = machine.fs.create("/file");
      assertThatThrownBy(machine.fs::close).hasMessageContaining("open");
      file.write(0, MemorySegment.ofArray(bytes(10, 1)));
      file.close();
      file.close();
      assertThatThrownBy(file::fsync).isInstanceOf(IllegalStateException.class);
      machine.remount();
      assertThat(machine.read("/file")).isEqualTo(bytes(10, 1));
    }
  }
}
