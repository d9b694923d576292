package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import blockdev.sim.SimThread;
import blockdev.sim.SimTime;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** An inode holds the keys of the extents it points into, and of no others. */
final class ExtentKeysTest {
  private static final int BLOCK = 4096;

  private final KeyCollector programmed = new KeyCollector();

  @Test
  void theKeyOfAnOverwrittenExtentIsWiped() {
    try (TestMachine machine = machine(16 << 20)) {
      machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        for (int i = 0; i < 50; i++) {
          file.write(0, MemorySegment.ofArray(bytes(BLOCK, i)));
          file.fsync();
        }
        assertThat(file.inode().keys()).hasSize(1);
        assertThat(programmed.programmed()).hasSize(50);
        assertThat(programmed.programmed()).filteredOn(ExtentKeysTest::isOpen).hasSize(1);
        assertThat(TestMachine.read(file)).isEqualTo(bytes(BLOCK, 49));
      }
    }
  }

  @Test
  void anExtentKeepsItsKeyAsLongAsAnyPartOfItIsLeft() {
    try (TestMachine machine = machine(16 << 20)) {
      machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        file.write(0, MemorySegment.ofArray(bytes(3 * BLOCK, 1)));
        file.fsync();
        CryptoKey first = file.inode().keys().getFirst();
        for (int block : new int[] {1, 0}) {
          file.write((long) block * BLOCK, MemorySegment.ofArray(bytes(BLOCK, block)));
          file.fsync();
          assertThat(isOpen(first)).isTrue();
        }
        file.truncate(2 * BLOCK);
        assertThat(isOpen(first)).isFalse();
        file.truncate(0);
        assertThat(file.inode().keys()).isEmpty();
      }
    }
  }

  @Test
  void aCloneKeepsItsKeyOfAnExtentThatTheOtherFileLeft() {
    try (TestMachine machine = machine(16 << 20)) {
      machine.makeSecret();
      byte[] content = bytes(BLOCK, 1);
      machine.write("/secret/a", content);
      machine.fs.reflink("/secret/a", "/secret/b");
      try (OpenFile clone = machine.fs.open("/secret/b")) {
        assertThat(TestMachine.read(clone)).isEqualTo(content);
        machine.overwrite("/secret/a", 0, bytes(BLOCK, 2));

        assertThat(clone.inode().keys()).singleElement().matches(ExtentKeysTest::isOpen);
        assertThat(TestMachine.read(clone)).isEqualTo(content);
      }
    }
  }

  @Test
  void aWritebackThatFailsLeavesNoKey() {
    try (TestMachine machine = machine(4 << 20)) {
      machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        file.write(0, MemorySegment.ofArray(bytes(8_000_000, 1)));
        assertFails(Errno.ENOSPC, file::fsync);

        assertThat(file.inode().keys()).isEmpty();
        file.truncate(0);
      }
    }
  }

  @Test
  void aReadThatIsUnderWayKeepsTheKeyUntilItHasEnded() {
    try (TestMachine machine = machine(16 << 20)) {
      machine.makeSecret();
      byte[] content = bytes(2 << 20, 1);
      machine.write("/secret/file", content);
      try (OpenFile file = machine.fs.open("/secret/file")) {
        CryptoKey key = file.inode().keys().getFirst();
        SimTime time = machine.simulation.time();
        SimThread reader =
            time.start("reader", () -> assertThat(TestMachine.read(file)).isEqualTo(content));
        SimThread cutter = // begins when the reader waits for the device
            time.start(
                "cutter",
                () -> {
                  file.truncate(0);
                  assertThat(isOpen(key)).as("the reader is not done").isTrue();
                });
        cutter.join();
        reader.join();

        assertThat(isOpen(key)).isFalse();
      }
    }
  }

  private TestMachine machine(int mediumBytes) {
    return new TestMachine(
        FormatOptions.of(StrategyKind.LIGHTWEIGHT),
        mediumBytes,
        SimulationConfig.defaults().withTracer(programmed));
  }

  private static boolean isOpen(CryptoKey key) {
    try {
      key.checkOpen();
      return true;
    } catch (IllegalStateException closed) {
      return false;
    }
  }
}
