package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random bios over random tables end as a model of bytes says, on every medium. */
class LayeredModelTest {
  @ParameterizedTest(name = "seed {0}, units {1}, virtual {2}")
  @CsvSource({
    "1, 512, true", "2, 512, true", "3, 512, true", "4, 512, true", "5, 512, false",
    "6, 512, false", "7, 4096, true", "8, 4096, true", "9, 1024, true", "10, 4096, false",
  })
  void everyByteOnEveryMediumIsPredicted(long seed, int unitBytes, boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (Disks disks =
            new Disks(
                virtualTime ? config : config.withImmediateTime(),
                1 << 20,
                Disks.SMALL_BLOCKS,
                Disks.SMALL_BLOCKS,
                Disks.SMALL_BLOCKS);
        LayeredTraffic traffic = new LayeredTraffic(disks, seed, unitBytes)) {
      traffic.run(4, 15);
      traffic.checkMedia();
      assertThat(traffic.biosBelow()).as("clones").isGreaterThan(200);
    }
  }
}
