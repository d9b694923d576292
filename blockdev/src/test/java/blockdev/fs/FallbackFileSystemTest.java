package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.queue.crypto.Fallback;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The filesystem on devices that cannot, or may not, encrypt its contents themselves. */
class FallbackFileSystemTest {
  private static final int BYTES = 300_000;

  private static DeviceModel device(String which) {
    DeviceModel ufs = DeviceModel.ufs(4);
    return switch (which) {
      case "no engine" -> ufs.withoutInlineCrypt();
      case "units of 512 only" -> ufs.withProfile(profile(8, CryptoMode.AES_256_XTS, 512));
      case "narrow numbers" -> ufs.withProfile(profile(1, CryptoMode.AES_256_XTS, 4096));
      case "another mode" -> ufs.withProfile(profile(8, CryptoMode.ADIANTUM, 4096));
      default -> throw new IllegalArgumentException(which);
    };
  }

  private static CryptoProfile profile(int dunBytes, CryptoMode mode, int dataUnitSizes) {
    return new CryptoProfile(4, dunBytes, Map.of(mode, dataUnitSizes));
  }

  private static TestMachine machine(StrategyKind strategy, DeviceModel device) {
    return new TestMachine(
        FormatOptions.of(strategy), 16 << 20, SimulationConfig.defaults().withDevice(device));
  }

  private static Fallback fallback(TestMachine machine) {
    return Objects.requireNonNull(machine.simulation.blkCrypto().fallback());
  }

  /** Writes, overwrites in part, remounts and reads; returns what is on the medium at the end. */
  private static byte[] live(TestMachine machine) {
    machine.makeSecret();
    byte[] content = TestMachine.bytes(BYTES, 1);
    machine.write("/secret/file", content);
    machine.write("/secret/other", TestMachine.bytes(5000, 2));
    byte[] patch = TestMachine.bytes(70_000, 3);
    machine.overwrite("/secret/file", 10_001, patch);
    System.arraycopy(patch, 0, content, 10_001, patch.length);
    machine.remount();
    machine.fs.addKey(TestMachine.MASTER_KEY);
    assertThat(machine.read("/secret/file")).isEqualTo(content);
    assertThat(machine.assertMediumHolds("/secret/file", content))
        .isEqualTo(Math.ceilDiv(BYTES, 4096));
    machine.fs.close();
    return machine.mediumBytes();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "PER_INODE, no engine",
    "PER_INODE, units of 512 only",
    "PER_INODE, narrow numbers",
    "LIGHTWEIGHT, no engine",
    "LIGHTWEIGHT, narrow numbers",
    "LIGHTWEIGHT, another mode",
  })
  void aDeviceThatCannotDoItGetsTheSameBytesFromTheFallback(StrategyKind strategy, String which) {
    byte[] byDevice;
    try (TestMachine machine = machine(strategy, DeviceModel.ufs(4))) {
      byDevice = live(machine);
      assertThat(fallback(machine).keyslotCounters().programs()).isZero();
    }
    try (TestMachine machine = machine(strategy, device(which))) {
      assertThat(live(machine)).isEqualTo(byDevice);
      assertThat(fallback(machine).counters().reads()).isPositive();
      assertThat(fallback(machine).keyslotCounters().programs()).isPositive();
      assertThat(machine.simulation.queue().keyslots().counters().programs()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void mountedWithoutInlineCryptHardwareIsLeftAlone(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy, DeviceModel.ufs(4))) {
      machine.fs.close();
      machine.fs =
          FileSystem.mount(
              machine.simulation.queue(),
              machine.simulation.blkCrypto(),
              MountOptions.seeded(1).withoutInlineCrypt());
      machine.makeSecret();
      byte[] content = TestMachine.bytes(BYTES, 1);
      machine.write("/secret/file", content);
      assertThat(fallback(machine).counters().writes()).isPositive();
      assertThat(machine.simulation.queue().keyslots().counters().programs()).isZero();
      machine.assertMediumHolds("/secret/file", content);
      machine.remount(); // with inline encryption
      machine.fs.addKey(TestMachine.MASTER_KEY);
      assertThat(machine.read("/secret/file")).isEqualTo(content);
      assertThat(machine.simulation.queue().keyslots().counters().programs()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void removingTheMasterKeyEmptiesTheSlotsOfTheFallback(StrategyKind strategy) {
    try (TestMachine machine = machine(strategy, device("no engine"))) {
      KeyIdentifier key = machine.makeSecret();
      machine.write("/secret/file", TestMachine.bytes(BYTES, 1));
      long programs = fallback(machine).keyslotCounters().programs();
      assertThat(machine.fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
      assertThat(fallback(machine).keyslotCounters().evicts()).isEqualTo(programs).isPositive();
      assertThat(machine.simulation.blkCrypto().failedEvicts()).isZero();
      assertFails(Errno.ENOKEY, () -> machine.fs.open("/secret/file"));
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void whereNobodyCanEncryptEncryptedFilesAreRefusedBeforeTheyAreMade(StrategyKind strategy) {
    SimulationConfig config = SimulationConfig.defaults().withSlots(0).withoutFallback();
    try (TestMachine machine = new TestMachine(FormatOptions.of(strategy), 16 << 20, config)) {
      machine.makeSecret();
      assertFails(Errno.ENOPKG, () -> machine.fs.create("/secret/file"));
      assertThat(machine.fs.list("/secret")).isEmpty();
      byte[] plain = TestMachine.bytes(5000, 1);
      machine.write("/plain", plain);
      assertThat(machine.read("/plain")).isEqualTo(plain);
      machine.fs.close();
    }
  }

  @Test
  void aBigFileWhoseBouncePagesAreShortIsWrittenAllTheSame() {
    SimulationConfig config = SimulationConfig.defaults().withSlots(0);
    try (TestMachine machine =
        new TestMachine(
            FormatOptions.of(StrategyKind.LIGHTWEIGHT),
            32 << 20,
            config.withHost(config.host().withMemoryBytes(12 << 20)))) {
      machine.makeSecret();
      byte[] content = TestMachine.bytes(10 << 20, 4);
      try (OpenFile file = machine.fs.create("/secret/big")) {
        file.write(0, MemorySegment.ofArray(content));
        file.fsync();
      }
      machine.assertMediumHolds("/secret/big", content);
      assertThat(machine.read("/secret/big")).isEqualTo(content);
    }
  }
}
