package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.TestMachine.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import inlinecrypt.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filesystem whose contents are encrypted under Key Per I/O: ciphertext belongs to its place. */
final class KeyPerIoFileSystemTest {
  private static final int EXTENT_BLOCKS = 489; // of 2,000,000 bytes

  private final byte[] content = bytes(2_000_000, 1);

  static TestMachine machine(StrategyKind strategy) {
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
