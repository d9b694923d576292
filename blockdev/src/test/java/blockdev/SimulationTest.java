package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import blockdev.media.MemoryMedium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Path STATM = Path.of("/proc/self/statm"); // proc(5): first the size in pages
  private static final long MEMORY_BYTES = 1L << 30;

  @Test
  void aSimulationThatCannotBeMadeLeavesNoHostMemoryBehind() throws IOException {
    assumeThat(STATM).exists();
    SimulationConfig tooDeep =
        SimulationConfig.defaults()
            .withHost(HostModel.DEFAULT.withMemoryBytes(MEMORY_BYTES).withQueueDepth(5000));
    long before = addressSpacePages();
    try (MemoryMedium medium = new MemoryMedium(1 << 20)) {
      for (int i = 0; i < 8; i++) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Simulation(tooDeep, medium))
            .withMessageContaining("5000");
      }
    }
    assertThat((addressSpacePages() - before) * 4096).isLessThan(4 * MEMORY_BYTES);
  }

  private static long addressSpacePages() throws IOException {
    return Long.parseLong(Files.readString(STATM).split(" ")[0]);
  }
}
