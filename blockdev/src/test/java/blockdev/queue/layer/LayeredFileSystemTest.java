package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.ExtentView;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.MountOptions;
import blockdev.fs.OpenFile;
import blockdev.fs.StrategyKind;
import blockdev.media.MemoryMedium;
import blockdev.queue.BlockDevice;
import blockdev.queue.BlockQueue;
import blockdev.queue.layer.StripedTarget.Stripe;
import inlinecrypt.fscrypt.IndependentDerivation;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.fscrypt.Nonce;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filesystem on stripes over two devices: its contents keys pass through to both. */
class LayeredFileSystemTest {
  private static final byte[] MASTER_KEY = Disks.bytes(64, 7);
  private static final int BLOCK_BYTES = 4096;
  private static final int CHUNK_BLOCKS = 3;
  private static final int START_BLOCK = 5; // of the stripe on the second device
  private static final long BLOCKS_EACH = 2400; // whole chunks

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesSurviveARemountAndLieOnBothMediaAsPredicted(StrategyKind strategy) {
    byte[] content = Disks.bytes(1_000_000, 1);
    try (MemoryMedium first = new MemoryMedium(16 << 20);
        MemoryMedium second = new MemoryMedium(16 << 20)) {
      try (Simulation simulation = new Simulation(SimulationConfig.defaults(), first)) {
        BlockDevice device = stripes(simulation, second);
        FileSystem.format(device, FormatOptions.of(strategy));
        try (FileSystem fs =
            FileSystem.mount(device, simulation.blkCrypto(), MountOptions.seeded(1))) {
          KeyIdentifier key = fs.addKey(MASTER_KEY);
          fs.makeDirectory("/secret");
          fs.setPolicy("/secret", key);
          try (OpenFile file = fs.create("/secret/file")) {
            file.write(0, MemorySegment.ofArray(content));
            file.fsync();
          }
        }
      }
      try (Simulation simulation = new Simulation(SimulationConfig.defaults(), first)) {
        BlockDevice device = stripes(simulation, second);
        try (FileSystem fs =
            FileSystem.mount(device, simulation.blkCrypto(), MountOptions.seeded(1))) {
          KeyIdentifier key = fs.addKey(MASTER_KEY);
          byte[] read = new byte[content.length];
          try (OpenFile file = fs.open("/secret/file")) {
            assertThat(file.read(0, MemorySegment.ofArray(read))).isEqualTo(read.length);
          }
          assertThat(read).isEqualTo(content);
          int blocks = 0;
          for (ExtentView run : fs.extents("/secret/file")) {
            for (int i = 0; i < run.blocks(); i++) {
              long dun =
                  strategy == StrategyKind.LIGHTWEIGHT
                      ? run.offsetBlocks() + i
                      : run.fileBlock() + i;
              assertThat(onMedia(first, second, run.deviceBlock() + i))
                  .as("block %d of the file", run.fileBlock() + i)
                  .isEqualTo(
                      Disks.encrypt(
                          rawKey(strategy, Objects.requireNonNull(run.nonce())),
                          BLOCK_BYTES,
                          dun,
                          block(content, run.fileBlock() + i)));
              blocks++;
            }
          }
          assertThat(blocks).isEqualTo(245);
          assertThat(fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
        }
      }
    }
  }

  private static BlockDevice stripes(Simulation simulation, MemoryMedium second) {
    BlockQueue other = simulation.attach(DeviceModel.ufs(2), second);
    return new MappedDevice(
        simulation.blkCrypto(),
        new MappingTable(
            new StripedTarget(
                2 * BLOCKS_EACH * 8,
                CHUNK_BLOCKS * 8,
                List.of(new Stripe(simulation.queue(), 0), new Stripe(other, START_BLOCK * 8)))));
  }

  private static byte[] onMedia(MemoryMedium first, MemoryMedium second, long block) {
    long chunk = block / CHUNK_BLOCKS;
    long within = chunk / 2 * CHUNK_BLOCKS + block % CHUNK_BLOCKS;
    return (chunk % 2 == 0 ? first : second)
        .segment()
        .asSlice((within + (chunk % 2) * START_BLOCK) * BLOCK_BYTES, BLOCK_BYTES)
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] block(byte[] content, long block) {
    int from = Math.toIntExact(block * BLOCK_BYTES);
    return Arrays.copyOfRange(content, from, from + BLOCK_BYTES); // zeroes behind the end
  }

  private static byte[] rawKey(StrategyKind strategy, Nonce nonce) {
    byte[] info = new byte[Nonce.SIZE_BYTES];
    nonce.write(info, 0);
    return IndependentDerivation.derive(
        MASTER_KEY, strategy == StrategyKind.LIGHTWEIGHT ? 9 : 2, info, 64);
  }
}
