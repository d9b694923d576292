package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transfers of metadata that are larger than a bio, in host memory where no two runs touch. */
final class BioMetadataDeviceTest {
  private static final int BLOCKS = 2560; // 10 MiB: 160 runs of 64 KiB, and a bio has 128 segments

  @Test
  void aLargeTransferIsWholeAlsoInFragmentedMemory() throws IOException {
    writesAndReadsBack(32 << 20);
  }

  @Test
  void aTransferMayBeLargerThanTheMemoryThatIsFree() throws IOException {
    writesAndReadsBack(12 << 20);
  }

  private static void writesAndReadsBack(long memoryBytes) throws IOException {
    SimulationConfig defaults = SimulationConfig.defaults();
    SimulationConfig config = defaults.withHost(defaults.host().withMemoryBytes(memoryBytes));
    try (Arena arena = Arena.ofConfined();
        MemoryMedium medium = new MemoryMedium(16 << 20);
        Simulation simulation = new Simulation(config, medium)) {
      HostMemory memory = simulation.queue().memory();
      fragment(memory);
      BioMetadataDevice device =
          new BioMetadataDevice(new IoBatch.Pool(simulation.queue()::submitter), memory);
      byte[] content = TestMachine.bytes(BLOCKS * BLOCK_BYTES, 1);
      MemorySegment source =
          arena.allocate(content.length).copyFrom(MemorySegment.ofArray(content));
      MemorySegment target = arena.allocate(content.length);
      long freeBytes = memory.freeBytes();

      device.write(7, BLOCKS, source, true);
      device.read(7, BLOCKS, target);

      MemorySegment stored = medium.segment().asSlice(7 * BLOCK_BYTES, content.length);
      assertThat(stored.mismatch(source)).isEqualTo(-1);
      assertThat(target.mismatch(source)).isEqualTo(-1);
      assertThat(memory.freeBytes()).isEqualTo(freeBytes);
    }
  }

  @Test
  void pagesThatDoNotFitIntoABioAreRefused() {
    try (HostMemory memory = new HostMemory(1 << 20)) {
      fragment(memory);
      Bio bio = new Bio(4, ended -> {}).reset(BioOp.WRITE, 0);
      try (BouncePages pages = new BouncePages(memory, 80)) {
        assertThatThrownBy(() -> pages.addTo(bio, 0, 80))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("80 blocks");
      }
    }
  }

  /** Takes every second run of 64 KiB. */
  private static void fragment(HostMemory memory) {
    List<Long> runs = new ArrayList<>();
    long run = memory.allocate(HostMemory.MAX_RUN_BYTES);
    while (run != HostMemory.NONE) {
      runs.add(run);
      run = memory.allocate(HostMemory.MAX_RUN_BYTES);
    }
    for (long free : runs) {
      if (free / HostMemory.MAX_RUN_BYTES % 2 == 0) {
        memory.free(free, HostMemory.MAX_RUN_BYTES);
      }
    }
  }
}
