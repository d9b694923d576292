package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.SimulationConfig;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filesystem that runs out of room says so, and loses nothing. */
final class SpaceTest {
  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whatDoesNotFitIsRefusedAndIsWrittenOnceThereIsRoom(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      machine.makeSecret();
      byte[] first = bytes(8_000_000, 1);
      byte[] second = bytes(8_000_000, 2);
      machine.write("/secret/first", first);
      long freeBytes = machine.fs.freeBytes();
      try (OpenFile file = machine.fs.create("/secret/second")) {
        file.write(0, MemorySegment.ofArray(second));
        assertFails(Errno.ENOSPC, file::fsync);
        assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
        assertThat(machine.read("/secret/first")).isEqualTo(first);
        assertThat(TestMachine.read(file)).isEqualTo(second);
        machine.fs.unlink("/secret/first");
        file.fsync();
      }
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/second")).isEqualTo(second);
      machine.assertMediumHolds("/secret/second", second);
    }
  }

  @Test
  void aFullDeviceStillTakesAnOverwriteThatFitsIntoFreedBlocks() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      byte[] filler = bytes((int) machine.fs.freeBytes() - 10 * 4096, 1);
      machine.write("/filler", filler);
      for (int i = 0; i < 20; i++) {
        byte[] part = bytes(4 * 4096, i);
        if (i == 0) {
          machine.write("/file", part);
        } else {
          machine.overwrite("/file", 0, part);
        }
        assertThat(machine.read("/file")).isEqualTo(part);
      }
      assertThat(machine.read("/filler")).isEqualTo(filler);
    }
  }

  @Test
  void aFilesystemWithDataThatDoesNotFitCanBeUnmounted() {
    KeyCollector keys = new KeyCollector();
    try (TestMachine machine =
        new TestMachine(
            FormatOptions.of(StrategyKind.LIGHTWEIGHT),
            4 << 20,
            SimulationConfig.defaults().withTracer(keys))) {
      machine.makeSecret();
      machine.write("/secret/kept", bytes(5000, 1));
      long freeBytes = machine.simulation.queue().memory().freeBytes();
      try (OpenFile file = machine.fs.create("/secret/lost")) {
        file.write(0, MemorySegment.ofArray(bytes(8_000_000, 2)));
      }
      assertFails(Errno.ENOSPC, machine.fs::close);

      assertThat(keys.programmed()).isNotEmpty();
      assertThat(keys.programmed())
          .allSatisfy(
              key -> assertThatThrownBy(key::checkOpen).isInstanceOf(IllegalStateException.class));
      assertThat(machine.simulation.queue().memory().freeBytes()).isEqualTo(freeBytes);
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/kept")).isEqualTo(bytes(5000, 1));
    }
  }

  @Test
  void moreNamesThanTheMetadataHasRoomForAreRefusedAndTheOthersStay() {
    try (TestMachine machine =
        new TestMachine(
            FormatOptions.of(StrategyKind.LIGHTWEIGHT), 2 << 20, SimulationConfig.defaults())) {
      int made = fill(machine);
      assertThat(made).isGreaterThan(500);
      machine.fs.sync();
      assertThat(machine.fs.list("/")).hasSize(made);
      for (int i = 0; i < made; i += 2) {
        machine.fs.unlink("/" + i);
      }
      machine.fs.sync();
      machine.write("/there is room again", bytes(100, 1));
      machine.remount();
      assertThat(machine.read("/there is room again")).isEqualTo(bytes(100, 1));
      assertThat(machine.fs.list("/")).hasSize(1 + made / 2);
    }
  }

  private static int fill(TestMachine machine) {
    for (int i = 0; i < 100_000; i++) {
      try {
        machine.fs.create("/" + i).close();
      } catch (FsException full) {
        assertThat(full.errno()).isEqualTo(Errno.ENOSPC);
        return i;
      }
    }
    throw new AssertionError("the metadata is never full");
  }

  @Test
  void whatATruncatedFileLeavesCanBeUsed() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.write("/filler", bytes((int) machine.fs.freeBytes(), 1));
      try (OpenFile file = machine.fs.open("/filler")) {
        file.truncate(0);
      }
      byte[] other = bytes(4_000_000, 2);
      machine.write("/other", other);
      assertThat(machine.read("/other")).isEqualTo(other);
    }
  }
}
