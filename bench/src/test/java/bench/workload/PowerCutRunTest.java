package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.media.BlockMarks;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PowerCutRunTest {
  private static final String[] MIXED = {
    "rw=randrw",
    "bssplit=4k/50:16k/50",
    "size=1m",
    "iodepth=8",
    "numjobs=2",
    "ic_keys=8",
    "number_ios=500",
    "fsync=20"
  };

  @ParameterizedTest(name = "{0}, after {1}")
  @CsvSource({
    "ufs-ice-32, 1",
    "ufs-ice-32, 100",
    "ufs-ice-32, 333",
    "ufs-ice-32, 999",
    "exynos-fmp, 500",
    "software, 500"
  })
  void whatIsLeftIsWhatTheRulesAllow(String device, long after) {
    PowerCutResult cut = run(device, after, 5, new MemoryMedium(1 << 20), MIXED);
    assertThat(cut.afterIos()).isEqualTo(after);
    assertThat(cut.wrongUnits()).as(cut.firstWrong()).isZero();
    assertThat(cut.checkedUnits()).isPositive();
    assertThat(cut.olderUnits()).isLessThanOrEqualTo(cut.unflushedUnits());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eachSeedLeavesSomethingElseThatIsAllowed(long seed) {
    PowerCutResult cut = run("ufs-ice-32", 400, seed, new MemoryMedium(1 << 20), MIXED);
    assertThat(cut.wrongUnits()).as(cut.firstWrong()).isZero();
    assertThat(cut.unflushedUnits()).isBetween(1L, cut.checkedUnits() - 1);
    assertThat(cut.olderUnits()).isPositive();
    PowerCutResult again = run("ufs-ice-32", 400, seed, new MemoryMedium(1 << 20), MIXED);
    assertThat(again).isEqualTo(cut);
  }

  @Test
  void withoutFlushesEverythingMayBeLost() {
    String[] options = {"rw=randwrite", "size=1m", "number_ios=300", "ic_keys=0"};
    PowerCutResult cut = run("ufs-ice-32", 200, 1, new MemoryMedium(1 << 20), options);
    assertThat(cut.unflushedUnits()).isEqualTo(cut.checkedUnits()).isPositive();
    assertThat(cut.wrongUnits()).isZero();
  }

  @Test
  void whereJobsEndEarlierPowerIsCutAtTheirEnd() {
    String[] options = {"rw=write", "size=1m", "fsync=1"};
    PowerCutResult cut = run("ufs-ice-32", 10_000, 1, new MemoryMedium(1 << 20), options);
    assertThat(cut.afterIos()).isEqualTo(256);
    assertThat(cut.checkedUnits()).isEqualTo(256);
    assertThat(cut.unflushedUnits()).as("the last write has no flush behind it").isEqualTo(1);
  }

  @Test
  void aDeviceThatForgetsWhatWasFlushedIsFoundOut() {
    String[] options = {"rw=write", "size=1m", "fsync=1", "ic_keys=4"};
    PowerCutResult cut = run("ufs-ice-32", 200, 1, new Forgetful(), options);
    assertThat(cut.wrongUnits()).isEqualTo(2);
    assertThat(cut.firstWrong()).isEqualTo("4096 bytes at offset 8192 do not hold write 3");
  }

  /** When it is started again, its third and fourth block are as they were at first. */
  private static final class Forgetful implements Medium {
    private final MemoryMedium medium = new MemoryMedium(1 << 20);
    private boolean started;

    @Override
    public void arrange(
        long offsetBytes, long blocks, int blockBytes, int metadataBytes, BlockMarks marks) {
      if (started) {
        zero(8192, 8192);
      }
      started = true;
    }

    @Override
    public MemorySegment segment() {
      return medium.segment();
    }

    @Override
    public void flush() {
      medium.flush();
    }

    @Override
    public void close() {
      medium.close();
    }
  }

  private static PowerCutResult run(
      String device, long after, long seed, Medium medium, String... options) {
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(DeviceModel.of(DevicePreset.named(device), MediaPreset.named("ufs31")));
    try (medium) {
      WorkloadResult result =
          new WorkloadRun(List.of(Jobs.of(options)), config, false, () -> 0, share -> {})
              .runUntil(new PowerCut(after, seed), medium);
      return Objects.requireNonNull(result.powerCut());
    } catch (UnsupportedJobException unsupported) {
      throw new AssertionError(unsupported);
    }
  }
}
