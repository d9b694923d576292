package blockdev.fs;

import static blockdev.fs.FsFailures.assertFails;
import static blockdev.fs.Superblock.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Block 0, byte by byte, and what a mount says to a device that is not as it should be. */
final class SuperblockTest {
  private static final int DEVICE_BLOCKS = 1024;

  @Test
  void theFieldsLieWhereTheFormatSays() {
    byte[] block = new byte[BLOCK_BYTES];
    new Superblock(
            StrategyKind.LIGHTWEIGHT,
            ContentsCrypto.DEVICE,
            0x1234,
            new MetadataRegion(1, 0x156),
            0x8000,
            true,
            7)
        .write(MemorySegment.ofArray(block));

    assertThat(HexFormat.of().formatHex(block, 0, 56))
        .isEqualTo(
            "4943525950544653" // ICRYPTFS
                + "01000000"
                + "02000000"
                + "3412000000000000"
                + "0100000000000000"
                + "56010000"
                + "00800000"
                + "0700000000000000"
                + "01000000"
                + "01000000");
    assertThat(Arrays.copyOfRange(block, 56, BLOCK_BYTES - 4)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 1 << 20})
  void aSuperblockIsReadAsItWasWritten(int deviceBlocks) {
    MemorySegment block = MemorySegment.ofArray(new byte[BLOCK_BYTES]);
    Superblock written =
        Superblock.of(FormatOptions.of(StrategyKind.PER_INODE), deviceBlocks).nextMount();
    written.write(block);

    assertThat(Superblock.read(block, deviceBlocks, false)).isEqualTo(written);
    assertThat(written.mountGeneration()).isEqualTo(1);
    assertThat(written.firstDataBlock()).isLessThanOrEqualTo(deviceBlocks / 2 + 1);
  }

  @Test
  void metadataThatIsElsewhereThanTheSuperblockSaysIsNoticed() {
    MemorySegment block = MemorySegment.ofArray(new byte[BLOCK_BYTES]);
    Superblock.of(FormatOptions.of(StrategyKind.PER_INODE), DEVICE_BLOCKS).write(block);
    assertFails(Errno.EUCLEAN, () -> Superblock.read(block, DEVICE_BLOCKS, true));
  }

  @Test
  void anyFlippedByteIsNoticed() {
    byte[] block = new byte[BLOCK_BYTES];
    MemorySegment segment = MemorySegment.ofArray(block);
    Superblock.of(FormatOptions.of(StrategyKind.LIGHTWEIGHT), DEVICE_BLOCKS).write(segment);
    for (int at = 0; at < BLOCK_BYTES; at++) {
      block[at] ^= 0x10;
      assertFails(Errno.EUCLEAN, () -> Superblock.read(segment, DEVICE_BLOCKS, false));
      block[at] ^= 0x10;
    }
  }

  @Test
  void aMountThatFindsAFlippedByteWritesNothing() {
    try (MemoryMedium medium = formatted()) {
      for (int at : new int[] {0, 7, 8, 12, 16, 24, 32, 36, 40, 48, 2000, 4091, 4092, 4095}) {
        byte original = medium.segment().get(ValueLayout.JAVA_BYTE, at);
        medium.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (original ^ 0x10));
        assertMountFailsAndWritesNothing(medium, at < 8 ? "no filesystem" : "damaged");
        medium.segment().set(ValueLayout.JAVA_BYTE, at, original);
      }
    }
  }

  @Test
  void aTruncatedOrExtendedDeviceIsNoticed() {
    try (MemoryMedium medium = formatted()) {
      for (long blocks : new long[] {DEVICE_BLOCKS - 1, DEVICE_BLOCKS + 1, 1}) {
        try (MemoryMedium other = new MemoryMedium(blocks * BLOCK_BYTES)) {
          long bytes = Math.min(blocks, DEVICE_BLOCKS) * BLOCK_BYTES;
          MemorySegment.copy(medium.segment(), 0, other.segment(), 0, bytes);
          assertMountFailsAndWritesNothing(other, "truncated or extended");
        }
      }
    }
  }

  @Test
  void aDeviceThatNobodyFormattedHoldsNoFilesystem() {
    try (MemoryMedium medium = new MemoryMedium(4 << 20)) {
      assertMountFailsAndWritesNothing(medium, "no filesystem");
      medium.segment().copyFrom(MemorySegment.ofArray(TestMachine.bytes(4 << 20, 1)));
      assertMountFailsAndWritesNothing(medium, "no filesystem");
    }
  }

  @Test
  void aDamagedCheckpointIsNoticed() {
    try (MemoryMedium medium = formatted()) {
      medium.segment().set(ValueLayout.JAVA_BYTE, BLOCK_BYTES + 17, (byte) 0x55);
      assertMountFailsAndWritesNothing(medium, "checkpoint");
    }
  }

  @Test
  void aDeviceThatIsTooSmallIsLeftAsItIs() {
    try (MemoryMedium medium = new MemoryMedium((Superblock.MIN_DEVICE_BLOCKS - 1L) * BLOCK_BYTES);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      assertFails(
          Errno.ENOSPC,
          () -> FileSystem.format(simulation.queue(), FormatOptions.of(StrategyKind.LIGHTWEIGHT)));
      assertThat(medium.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void aReadOnlyMountWritesNothingNotEvenWhatItReplays() {
    byte[] content = TestMachine.bytes(50_000, 1);
    byte[] withJournal;
    try (TestMachine machine = TestMachine.of(StrategyKind.LIGHTWEIGHT)) {
      machine.write("/file", content);
      withJournal = machine.mediumBytes(); // never unmounted
    }
    try (MemoryMedium medium = new MemoryMedium(withJournal.length);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      medium.segment().copyFrom(MemorySegment.ofArray(withJournal));
      try (FileSystem fs =
              FileSystem.mount(
                  simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(1).asReadOnly());
          OpenFile file = fs.open("/file")) {
        assertThat(TestMachine.read(file)).isEqualTo(content);
        assertThatThrownBy(() -> fs.create("/other")).hasMessageContaining("read-only");
        assertThatThrownBy(() -> fs.unlink("/file")).hasMessageContaining("read-only");
        assertThatThrownBy(() -> file.truncate(0)).hasMessageContaining("read-only");
        fs.sync();
      }
      assertThat(medium.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(withJournal);
    }
  }

  private static MemoryMedium formatted() {
    MemoryMedium medium = new MemoryMedium((long) DEVICE_BLOCKS * BLOCK_BYTES);
    try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      FileSystem.format(simulation.queue(), FormatOptions.of(StrategyKind.LIGHTWEIGHT));
    }
    return medium;
  }

  private static void assertMountFailsAndWritesNothing(MemoryMedium medium, String message) {
    byte[] before = medium.segment().toArray(ValueLayout.JAVA_BYTE);
    try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      assertFails(
          Errno.EUCLEAN,
          () ->
              FileSystem.mount(simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(1)));
      assertThatThrownBy(() ->
              FileSystem.mount(simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(1)))
          .hasMessageContaining(message)
          .hasMessageNotContaining("\n");
    }
    assertThat(medium.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
  }
}
