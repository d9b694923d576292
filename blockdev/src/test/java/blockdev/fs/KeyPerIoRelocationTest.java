package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where ciphertext belongs to its place, what moves is encrypted again, and that takes its key. */
final class KeyPerIoRelocationTest extends RelocationContract {
  @Override
  TestMachine machine(StrategyKind strategy) {
    return KeyPerIoFileSystemTest.machine(strategy);
  }

  /** It has the file open, for its key. */
  @Override
  boolean movesWhatIsUnlinked() {
    return true;
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whatMovesIsEncryptedAgainWithItsKeyAndItsNewAddress(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      ExtentView before = machine.fs.extents("/secret/file").getFirst();
      byte[] ciphertext = machine.mediumBlock(before.deviceBlock() + 100);
      assertThat(machine.fs.relocate(before.extentId())).isTrue();
      ExtentView after = machine.fs.extents("/secret/file").getFirst();
      assertThat(after.deviceBlock()).isNotEqualTo(before.deviceBlock());
      assertThat(after.nonce()).isEqualTo(before.nonce());
      assertThat(machine.mediumBlock(after.deviceBlock() + 100)).isNotEqualTo(ciphertext);
      assertThat(machine.fs.reencryptedBytes()).isEqualTo((long) EXTENT_BLOCKS * BLOCK);

      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      machine.assertMediumHolds("/secret/file", content);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anExtentWhoseKeyIsGoneStaysWhereItIs(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.removeKey(key);
      List<ExtentView> before = machine.fs.extents("/secret/file");
      long freeBytes = machine.fs.freeBytes();
      assertThat(machine.fs.relocate(before.getFirst().extentId())).isFalse();
      assertThat(machine.fs.relocationsWithoutKey()).isOne();
      assertThat(machine.fs.extents("/secret/file")).isEqualTo(before);
      assertThat(machine.fs.freeBytes()).isEqualTo(freeBytes);
      assertThat(machine.fs.relocate(12_345)).as("an extent that is not there").isFalse();
      assertThat(machine.fs.relocationsWithoutKey()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anOpenFileStillHasTheKeyToMoveItsExtents(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", content);
      try (OpenFile open = machine.fs.open("/secret/file")) {
        machine.fs.removeKey(key);
        assertThat(machine.fs.relocate(machine.fs.extentIds().getFirst())).isTrue();
        assertThat(TestMachine.read(open)).isEqualTo(content);
      }
      assertFails(Errno.ENOKEY, () -> machine.fs.open("/secret/file"));
    }
  }

  @Test
  void aReflinkSharesExtentsAndSurvivesTheirMove() {
    try (TestMachine machine = machine(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      machine.fs.reflink("/secret/file", "/secret/copy");
      byte[] part = bytes(3 * BLOCK, 2);
      machine.overwrite("/secret/copy", 10 * BLOCK, part);
      for (long id : machine.fs.extentIds()) {
        assertThat(machine.fs.relocate(id)).isTrue();
      }
      byte[] changed = content.clone();
      System.arraycopy(part, 0, changed, 10 * BLOCK, part.length);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      assertThat(machine.read("/secret/copy")).isEqualTo(changed);
      machine.fs.sync();
      machine.assertMediumHolds("/secret/file", content);
      machine.assertMediumHolds("/secret/copy", changed);
      assertThat(machine.fs.reencryptedBytes()).isEqualTo((EXTENT_BLOCKS + 3L) * BLOCK);
    }
  }
}
