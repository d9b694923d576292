package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the removal of a master key does to files, with each strategy: the scenarios that the
 * patches for per-extent keys are compared by, where inode keys and lightweight extents agree.
 */
final class KeyRemovalTest {
  private final byte[] content = bytes(100_000, 1);

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anOpenFileIsReadOnAfterRemoval(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      machine.remount(); // nothing of the file is in memory
      machine.fs.addKey(TestMachine.MASTER_KEY);
      try (OpenFile file = machine.fs.open("/secret/file")) {
        assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
        assertThat(TestMachine.read(file)).isEqualTo(content);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anOpenFileGetsNewExtentsAfterRemoval(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        machine.fs.removeKey(key);
        file.write(0, MemorySegment.ofArray(content));
        file.fsync();
        assertThat(TestMachine.read(file)).isEqualTo(content);
      }
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whatIsDirtyAtRemovalIsWrittenFirst(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        file.write(0, MemorySegment.ofArray(content));
      }
      assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
      machine.assertMediumHolds("/secret/file", content);
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aKeyIsRemovedAlsoIfWhatIsDirtyCannotBeWritten(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/clean", content);
      try (OpenFile file = machine.fs.create("/secret/dirty")) {
        file.write(0, MemorySegment.ofArray(bytes(16 << 20, 1)));
      }
      assertFails(Errno.ENOSPC, () -> machine.fs.removeKey(key));

      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
      assertFails(Errno.ENOKEY, () -> machine.fs.open("/secret/clean"));
      machine.fs.unlink("/secret/dirty");
      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.ABSENT);
    }
  }

  /** Like generic/595 of fstests. */
  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whatIsWrittenAfterRemovalAndClosedDirtyIsNotLost(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      try (OpenFile file = machine.fs.create("/secret/file")) {
        machine.fs.removeKey(key);
        file.write(0, MemorySegment.ofArray(content));
      }
      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
      assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void noOtherFileOpensAndNoneIsMade(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.fs.makeDirectory("/secret/directory");
      machine.write("/secret/other", content);
      try (OpenFile file = machine.fs.create("/secret/file")) {
        machine.fs.removeKey(key);

        assertFails(Errno.ENOKEY, () -> machine.fs.open("/secret/other"));
        assertFails(Errno.ENOKEY, () -> machine.fs.create("/secret/new"));
        assertFails(Errno.ENOKEY, () -> machine.fs.makeDirectory("/secret/new"));
        assertFails(Errno.ENOKEY, () -> machine.fs.create("/secret/directory/new"));
        machine.fs.unlink("/secret/other"); // needs no key
        assertThat(file.sizeBytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aKeyThatIsIncompletelyRemovedCanBeAddedAgain(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/other", content);
      try (OpenFile file = machine.fs.create("/secret/file")) {
        machine.fs.removeKey(key);
        assertThat(machine.fs.addKey(TestMachine.MASTER_KEY)).isEqualTo(key);
        assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.PRESENT);
        assertThat(machine.read("/secret/other")).isEqualTo(content);
        file.write(0, MemorySegment.ofArray(content));
      }
      assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
      assertFails(Errno.ENOKEY, () -> machine.fs.removeKey(key));
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void theLastCleanFileToCloseMakesTheKeyAbsent(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      OpenFile first = machine.fs.create("/secret/a");
      OpenFile second = machine.fs.create("/secret/b");
      machine.fs.removeKey(key);
      first.close();
      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
      second.close();
      assertThat(machine.fs.keyStatus(key)).isEqualTo(KeyStatus.ABSENT);
    }
  }

  /** A clone makes an inode, and that needs the key; the files that are open stay as they are. */
  @Test
  void aCloneNeedsTheKeyEvenOfAFileThatIsOpen() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/a", content);
      try (OpenFile file = machine.fs.open("/secret/a")) {
        machine.fs.removeKey(key);
        assertFails(Errno.ENOKEY, () -> machine.fs.reflink("/secret/a", "/secret/b"));
        assertThat(TestMachine.read(file)).isEqualTo(content);
      }
    }
  }

  /** A key can only be closed once no slot and no request uses it. */
  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void removalTakesEveryKeyOutOfItsSlotAndWipesIt(StrategyKind strategy) {
    KeyCollector keys = new KeyCollector();
    try (TestMachine machine =
        new TestMachine(
            FormatOptions.of(strategy), 16 << 20, SimulationConfig.defaults().withTracer(keys))) {
      KeyIdentifier key = machine.makeSecret();
      for (int i = 0; i < 5; i++) {
        machine.write("/secret/" + i, content);
        machine.overwrite("/secret/" + i, 8192, bytes(5000, i));
      }
      assertThat(keys.programmed()).hasSizeGreaterThanOrEqualTo(5).allMatch(KeyRemovalTest::isOpen);
      assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);

      assertThat(keys.programmed()).noneMatch(KeyRemovalTest::isOpen);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void unmountingWipesEveryKeyAlsoThatOfAFileThatIsGone(StrategyKind strategy) {
    KeyCollector keys = new KeyCollector();
    try (TestMachine machine =
        new TestMachine(
            FormatOptions.of(strategy), 16 << 20, SimulationConfig.defaults().withTracer(keys))) {
      machine.makeSecret();
      machine.write("/secret/a", content);
      machine.write("/secret/b", content);
      machine.fs.unlink("/secret/a");
      machine.fs.close();

      assertThat(keys.programmed()).isNotEmpty().noneMatch(KeyRemovalTest::isOpen);
    }
  }

  @Test
  void aKeyOfTheWrongLengthIsRefused() {
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      assertFails(Errno.EINVAL, () -> machine.fs.addKey(new byte[15]));
      assertFails(Errno.EINVAL, () -> machine.fs.addKey(new byte[65]));
      KeyIdentifier tooShort = machine.fs.addKey(bytes(31, 1));
      machine.fs.makeDirectory("/secret");
      machine.fs.setPolicy("/secret", tooShort);
      assertFails(Errno.ENOKEY, () -> machine.fs.create("/secret/file"));
      assertThat(machine.fs.list("/secret")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anotherKeyOpensNothing(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.removeKey(key);
      machine.fs.addKey(TestMachine.OTHER_KEY);

      assertFails(Errno.ENOKEY, () -> machine.fs.open("/secret/file"));
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void nothingSecretIsPrinted(StrategyKind strategy) {
    try (TestMachine machine = TestMachine.of(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      ExtentView extent = machine.fs.extents("/secret/file").getFirst();
      String printed = machine.fs + " " + key + " " + extent + " " + machine.fs.list("/secret");
      machine.fs.removeKey(key);
      Throwable refusal = Assertions.catchThrowable(() -> machine.fs.open("/secret/file"));
      HexFormat hex = HexFormat.of();

      assertThat(printed + refusal)
          .doesNotContain(hex.formatHex(TestMachine.MASTER_KEY, 0, 4))
          .doesNotContain(hex.formatHex(machine.contentsKey(extent.nonce()), 0, 4));
    }
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
