package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One life of a filesystem, from format to a removed key, with each strategy. */
final class FileSystemLifeTest {
  private static final byte[] MASTER_KEY = bytes(64, 7);

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesSurviveARemountAndARemovedKeyLocksThem(StrategyKind strategy) {
    byte[] large = bytes(3_000_000, 1);
    byte[] small = bytes(100, 2);
    try (MemoryMedium medium = new MemoryMedium(64 << 20)) {
      try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
        FileSystem.format(simulation.queue(), FormatOptions.of(strategy));
        try (FileSystem fs =
            FileSystem.mount(simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(1))) {
          KeyIdentifier key = fs.addKey(MASTER_KEY);
          fs.makeDirectory("/secret");
          fs.setPolicy("/secret", key);
          write(fs, "/secret/large", large);
          write(fs, "/secret/small", small);
          assertThat(read(fs, "/secret/large")).isEqualTo(large);
        }
      }
      try (Simulation simulation = new Simulation(SimulationConfig.defaults(), medium);
          FileSystem fs =
              FileSystem.mount(
                  simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(1))) {
        assertThatThrownBy(() -> fs.open("/secret/large"))
            .asInstanceOf(InstanceOfAssertFactories.type(FsException.class))
            .returns(Errno.ENOKEY, FsException::errno);
        KeyIdentifier key = fs.addKey(MASTER_KEY);
        assertThat(read(fs, "/secret/large")).isEqualTo(large);
        assertThat(read(fs, "/secret/small")).isEqualTo(small);
        fs.extentIds().forEach(id -> assertThat(fs.relocate(id)).isTrue());
        assertThat(read(fs, "/secret/large")).isEqualTo(large);
        if (strategy == StrategyKind.LIGHTWEIGHT) {
          fs.reflink("/secret/large", "/secret/copy");
          byte[] changed = large.clone();
          byte[] part = bytes(10_000, 3);
          System.arraycopy(part, 0, changed, 1_000_001, part.length);
          try (OpenFile copy = fs.open("/secret/copy")) {
            copy.write(1_000_001, MemorySegment.ofArray(part));
            copy.fsync();
          }
          assertThat(read(fs, "/secret/copy")).isEqualTo(changed);
          assertThat(read(fs, "/secret/large")).isEqualTo(large);
          fs.unlink("/secret/large");
          assertThat(read(fs, "/secret/copy")).isEqualTo(changed);
        }
        assertThat(fs.removeKey(key)).isEqualTo(KeyStatus.ABSENT);
        assertThatThrownBy(() -> fs.open("/secret/small")).hasMessageContaining("ENOKEY");
      }
    }
  }

  private static void write(FileSystem fs, String path, byte[] content) {
    try (OpenFile file = fs.create(path)) {
      file.write(0, MemorySegment.ofArray(content));
      file.fsync();
    }
  }

  private static byte[] read(FileSystem fs, String path) {
    try (OpenFile file = fs.open(path)) {
      byte[] content = new byte[(int) file.sizeBytes()];
      assertThat(file.read(0, MemorySegment.ofArray(content))).isEqualTo(content.length);
      return content;
    }
  }

  private static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
