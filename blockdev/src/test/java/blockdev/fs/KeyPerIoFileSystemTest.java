package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.sim.SimThread;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filesystem whose contents are encrypted under Key Per I/O: ciphertext belongs to its place. */
final class KeyPerIoFileSystemTest {
  private static final int BLOCK = 4096;
  private static final int EXTENT_BLOCKS = 489; // of 2,000,000 bytes

  private final byte[] content = bytes(2_000_000, 1);

  private static TestMachine machine(StrategyKind strategy) {
    return new TestMachine(
        FormatOptions.of(strategy),
        16 << 20,
        SimulationConfig.defaults()
            .withDevice(DeviceModel.ufs(1).withKeyPerIo(KeyPerIoModel.of(4))));
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesAreFoundAfterARemountAndTheMediumIsPredicted(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      machine.write("/secret/small", bytes(10, 2));
      machine.remount();
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      assertThat(machine.read("/secret/small")).isEqualTo(bytes(10, 2));
      assertThat(machine.assertMediumHolds("/secret/file", content)).isEqualTo(EXTENT_BLOCKS);
      assertThat(machine.fs.reencryptedBytes()).isZero();
    }
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

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesReadTheSameBeforeDuringAndAfterAMove(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      long id = machine.fs.extentIds().getFirst();
      SimThread reader =
          machine
              .simulation
              .time()
              .start(
                  "reader",
                  () -> {
                    for (int i = 0; i < 20; i++) {
                      assertThat(machine.read("/secret/file")).isEqualTo(content);
                    }
                  });
      for (int i = 0; i < 10; i++) {
        assertThat(machine.fs.relocate(id)).isTrue();
        machine.fs.sync();
      }
      reader.join();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anExtentThatIsOverwrittenOrUnlinkedMeanwhileMovesOrGoes(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy)) {
      machine.makeSecret();
      machine.write("/secret/file", content);
      byte[] part = bytes(3 * BLOCK, 2);
      SimThread writer =
          machine
              .simulation
              .time()
              .start("writer", () -> machine.overwrite("/secret/file", 10 * BLOCK, part));
      assertThat(machine.fs.relocate(machine.fs.extentIds().getFirst())).isTrue();
      writer.join();
      System.arraycopy(part, 0, content, 10 * BLOCK, part.length);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      machine.fs.sync();
      machine.assertMediumHolds("/secret/file", content);

      SimThread relocator =
          machine
              .simulation
              .time()
              .start("relocator", () -> machine.fs.relocate(machine.fs.extentIds().getFirst()));
      machine.fs.sync(); // lets the relocator begin
      machine.fs.unlink("/secret/file");
      relocator.join();
      machine.write("/secret/other", content);
      assertThat(machine.read("/secret/other")).isEqualTo(content);
    }
  }

  @Test
  void plainContentsAreRefused() {
    try (TestMachine machine = machine(StrategyKind.LIGHTWEIGHT)) {
      machine.makeSecret();
      assertFails(Errno.EOPNOTSUPP, () -> machine.fs.create("/plain"));
      assertThat(machine.fs.list("/")).hasSize(1);
    }
  }

  @Test
  void metadataOnAnotherDeviceIsMissedWhereItIsNot() {
    try (TestMachine machine = machine(StrategyKind.LIGHTWEIGHT)) {
      machine.fs.close();
      assertFails(
          Errno.EUCLEAN,
          () ->
              FileSystem.mount(
                  machine.simulation.plainQueue(),
                  machine.simulation.blkCrypto(),
                  MountOptions.seeded(1)));
    }
  }
}
