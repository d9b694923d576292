package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadRunTest {
  private static final double PROGRAM_SECONDS = 15e-6; // of ufs-ice-32

  private static SimulationConfig config(String device, String media) {
    return SimulationConfig.defaults()
        .withDevice(DeviceModel.of(DevicePreset.named(device), MediaPreset.named(media)));
  }

  private static WorkloadResult run(SimulationConfig config, boolean real, Job... jobs) {
    List<Job> all = List.of(jobs);
    long bytes = WorkloadRun.deviceBytes(all);
    try (Medium medium = real ? new MemoryMedium(bytes) : new NullMedium(bytes)) {
      return run(config, medium, false, all);
    }
  }

  private static WorkloadResult run(
      SimulationConfig config, Medium medium, boolean verify, List<Job> jobs) {
    try {
      return new WorkloadRun(jobs, config, verify, () -> 0, share -> {}).run(medium);
    } catch (UnsupportedJobException unsupported) {
      throw new AssertionError(unsupported);
    }
  }

  /** On a medium that takes no time. */
  private static WorkloadResult run(Job... jobs) {
    return run(config("ufs-ice-32", "null"), false, jobs);
  }

  private static KeyslotUse keyslots(WorkloadResult result) {
    return Objects.requireNonNull(result.jobs().getFirst().keyslots());
  }

  private static DirectionStats reads(WorkloadResult result) {
    return Objects.requireNonNull(result.jobs().getFirst().direction(IoDirection.READ));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iodepth=1", "iodepth=32", "iodepth=8 numjobs=4"})
  void withEveryRequestMissingThroughputIsOneProgrammingAtATime(String options) {
    String all = options + " rw=randread size=64m ic_keys=4096 ic_key_dist=loop number_ios=1000";
    WorkloadResult result = run(Jobs.of(all.split(" ")));
    KeyslotUse use = keyslots(result);
    long ios = reads(result).ios();
    assertThat(use.misses()).isEqualTo(ios);
    assertThat(result.queue().requests()).as("nothing merges").isEqualTo(ios);
    // Programmings follow each other without a gap, and nothing else takes time.
    double seconds = ios * PROGRAM_SECONDS;
    assertThat(result.speed().virtualSeconds()).isCloseTo(seconds, within(1e-4 * seconds));
  }

  @Test
  void withHalfOfTheKeysInSlotsEverySecondRequestMisses() {
    // One at a time and uniform: 32 of 64 keys are in slots, whichever they are.
    WorkloadResult result =
        run(
            Jobs.of(
                "rw=randread", "size=64m", "ic_keys=64", "ic_key_dist=random", "number_ios=40000"));
    KeyslotUse use = keyslots(result);
    assertThat(use.missRatio()).isCloseTo(0.5, within(0.01));
    double iops = 40_000 / result.speed().virtualSeconds();
    assertThat(iops).isCloseTo(1 / (0.5 * PROGRAM_SECONDS), within(0.02 * iops));
    assertThat(iops).isCloseTo(1 / (use.missRatio() * PROGRAM_SECONDS), within(1e-3 * iops));
  }

  @Test
  void withManyUnderWayTheMissRatioStillSetsTheThroughput() {
    WorkloadResult result =
        run(
            Jobs.of(
                "rw=randread",
                "size=64m",
                "iodepth=32",
                "numjobs=4",
                "ic_keys=256",
                "ic_key_dist=zipf:1.1",
                "number_ios=5000"));
    double missRatio = keyslots(result).missRatio();
    assertThat(missRatio).isBetween(0.2, 0.5);
    double iops = 20_000 / result.speed().virtualSeconds();
    assertThat(iops).isCloseTo(1 / (missRatio * PROGRAM_SECONDS), within(0.01 * iops));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ufs-ice-32", "exynos-fmp", "ufs-ice-wrapped-32", "emmc-cqhci-32"})
  void withAndWithoutBytesTheSameHappens(String device) {
    Job job =
        Jobs.of(
            "rw=randrw",
            "bssplit=4k/70:16k/30",
            "size=8m",
            "iodepth=16",
            "numjobs=2",
            "ic_keys=64",
            "ic_key_dist=zipf:1.1",
            "number_ios=400");
    WorkloadResult none = run(config(device, "ufs31"), false, job);
    WorkloadResult again = run(config(device, "ufs31"), false, job);
    WorkloadResult real = run(config(device, "ufs31"), true, job);
    assertThat(none.problems()).isEmpty();
    assertThat(again.eventLogHash()).isEqualTo(none.eventLogHash());
    assertThat(real.eventLogHash()).isEqualTo(none.eventLogHash());
    assertThat(real.speed().virtualSeconds()).isEqualTo(none.speed().virtualSeconds());
  }

  @Test
  void anotherSeedIsAnotherRun() {
    String[] options = {"rw=randread", "size=8m", "ic_keys=64", "number_ios=100", "randseed=1"};
    long hash = run(Jobs.of(options)).eventLogHash();
    options[4] = "randseed=2";
    assertThat(run(Jobs.of(options)).eventLogHash()).isNotEqualTo(hash);
  }

  @Test
  void latenciesAddUpAndAreWhatTheDeviceTakes() {
    // One at a time; each programs its key, 15 us, and then reads for 90 us.
    WorkloadResult result =
        run(
            config("ufs-ice-32", "ufs31"),
            false,
            Jobs.of(
                "rw=randread", "size=64m", "ic_keys=1000", "ic_key_dist=loop", "number_ios=100"));
    DirectionStats reads = reads(result);
    assertThat(reads.submission().minNs()).isEqualTo(15_000);
    assertThat(reads.submission().maxNs()).isEqualTo(15_000);
    assertThat(reads.completion().meanNs()).isCloseTo(90_000, within(2_000.0));
    assertThat(reads.total().meanNs())
        .isEqualTo(reads.submission().meanNs() + reads.completion().meanNs());
    assertThat(reads.total().count()).isEqualTo(100);
  }

  @Test
  void aRateIsKeptToTheNanosecond() {
    WorkloadResult result =
        run(Jobs.of("rw=randread", "size=8m", "rate_iops=1000", "runtime=1", "time_based=1"));
    assertThat(reads(result).ios()).isEqualTo(1000); // at 0, 1 ms … 999 ms
    assertThat(result.speed().virtualSeconds()).isCloseTo(1, within(1e-3));
  }

  @Test
  void aThinkingCloneWaitsAfterEachIo() {
    WorkloadResult result =
        run(Jobs.of("rw=randread", "size=8m", "thinktime=100", "number_ios=11", "ic_keys=0"));
    assertThat(result.speed().virtualSeconds()).isCloseTo(10 * 100e-6, within(1e-7));
  }

  @Test
  void aRuntimeEndsAJobAndTimeBasedGoesOnUntilThen() {
    String[] options = {"rw=randread", "size=1m", "ic_keys=0", "runtime=100ms", "iodepth=4"};
    SimulationConfig config = config("ufs-ice-32", "ufs31");
    WorkloadResult once = run(config, false, Jobs.of(options));
    assertThat(reads(once).bytes()).as("its size, once").isEqualTo(1 << 20);
    assertThat(once.speed().virtualSeconds()).isLessThan(0.1);
    options[0] = "time_based=1";
    WorkloadResult whole = run(config, false, Jobs.of(options));
    assertThat(whole.speed().virtualSeconds()).isBetween(0.1, 0.101);
  }

  @Test
  void whatARampTimeSeesIsNotCounted() {
    WorkloadResult result =
        run(
            Jobs.of(
                "rw=randread",
                "size=8m",
                "rate_iops=1000",
                "ramp_time=1",
                "runtime=1",
                "time_based=1",
                "ic_keys=64",
                "ic_key_dist=loop"));
    assertThat(result.speed().ios()).isEqualTo(2000);
    assertThat(reads(result).ios()).isBetween(999L, 1001L);
    assertThat(keyslots(result).misses()).isBetween(999L, 1001L);
  }

  @Test
  void aStonewallWaitsForTheJobsBeforeIt() {
    Job first = Jobs.of("rw=randread", "size=8m", "number_ios=10", "thinktime=100", "ic_keys=0");
    Job beside = Jobs.of("rw=randwrite", "size=8m", "number_ios=10", "ic_keys=0");
    Job behind = Jobs.of("rw=randread", "size=8m", "number_ios=10", "ic_keys=0", "stonewall=1");
    WorkloadResult result = run(first, beside, behind);
    assertThat(result.jobs()).extracting(JobStats::groupId).containsExactly(0, 0, 1);
    assertThat(result.jobs().subList(0, 2)).extracting(JobStats::startNs).containsOnly(0L);
    assertThat(result.jobs().getLast().startNs())
        .as("nine thoughts; the last is of no I/O")
        .isBetween(900_000L, 900_100L);
  }

  @Test
  void aJobThatEndsBeforeItsRampTimeKeepsItsCounts() {
    Job brief = Jobs.of("rw=randread", "size=8m", "number_ios=10", "ramp_time=1", "ic_keys=0");
    Job longer = Jobs.of("rw=randread", "size=8m", "rate_iops=10", "runtime=2", "time_based=1");
    assertThat(reads(run(brief, longer)).ios()).isEqualTo(10);
  }

  @Test
  void clonesAreReportedOneByOneUnlessToldOtherwise() {
    String[] options = {"rw=randread", "size=8m", "number_ios=10", "numjobs=3"};
    assertThat(run(Jobs.of(options)).jobs()).hasSize(1);
    String[] apart = {"rw=randread", "size=8m", "number_ios=10", "numjobs=3", "group_reporting=0"};
    assertThat(run(Jobs.of(apart)).jobs())
        .hasSize(3)
        .allSatisfy(job ->
            assertThat(Objects.requireNonNull(job.direction(IoDirection.READ)).ios())
                .isEqualTo(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rw=randrw bs=4k ic_keys=16",
        "rw=rw bs=4k ic_keys=16 ic_key_dist=loop",
        "rw=randrw bssplit=4k/50:16k/50 ic_keys=16 ic_key_dist=zipf:1.5",
        "rw=write bs=64k ic_keys=0",
        "rw=randrw bs=4k ic_keys=16 random_distribution=zipf:3",
      })
  void whatIsWrittenIsReadBack(String options) {
    String all = options + " size=2m iodepth=8 numjobs=3 number_ios=300";
    List<Job> jobs = List.of(Jobs.of(all.split(" ")));
    try (Medium medium = new MemoryMedium(WorkloadRun.deviceBytes(jobs))) {
      WorkloadResult result = run(config("ufs-ice-8", "ufs31"), medium, true, jobs);
      assertThat(result.problems()).isEmpty();
      VerifyResult verify = Objects.requireNonNull(result.verify());
      assertThat(verify.comparedUnits()).isGreaterThan(80);
      assertThat(verify.mismatches()).isZero();
    }
  }

  @Test
  void aFlippedBitIsFoundAndItsOffsetNamed() {
    List<Job> jobs = List.of(Jobs.of("rw=write", "size=1m", "ic_keys=4"));
    try (MemoryMedium memory = new MemoryMedium(1 << 20)) {
      Medium flipping = new FlippingMedium(memory, 5 * 4096 + 17);
      WorkloadResult result = run(config("ufs-ice-8", "ufs31"), flipping, true, jobs);
      assertThat(Objects.requireNonNull(result.verify()).mismatches()).isEqualTo(1);
      assertThat(result.problems())
          .containsExactly("verify: 4096 bytes at offset 20480 are not what write 6 put there");
    }
  }

  /** Flips a bit when the last block is written. */
  private record FlippingMedium(MemoryMedium memory, long flippedByte) implements Medium {
    @Override
    public MemorySegment segment() {
      return memory.segment();
    }

    @Override
    public void beforeWrite(long offset, long length) {
      if (offset + length == segment().byteSize()) {
        byte old = segment().get(ValueLayout.JAVA_BYTE, flippedByte);
        segment().set(ValueLayout.JAVA_BYTE, flippedByte, (byte) (old ^ 4));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void whatADeviceCannotDoIsSaid() {
    try (NullMedium none = new NullMedium(1 << 20);
        MemoryMedium real = new MemoryMedium(1 << 20)) {
      Job job = Jobs.of("rw=randread", "size=1m");
      assertUnsupported(config("software", "null"), none, false, "software fallback", job);
      Job small = Jobs.of("rw=randread", "size=1m", "bs=512");
      assertUnsupported(config("ufs-ice-32", "null"), none, false, "block of 4096", small);
      Job other = Jobs.of("rw=write", "size=1m", "ic_keys=2");
      assertUnsupported(config("ufs-ice-32", "null"), real, true, "the same", job, other);
      Job crowded = Jobs.of("rw=randwrite", "size=128k", "iodepth=32");
      assertUnsupported(config("ufs-ice-32", "null"), real, true, "no room", crowded);
      Job huge = Jobs.of("rw=write", "size=2m", "bs=1m", "iodepth=1000", "numjobs=200");
      assertUnsupported(config("ufs-ice-32", "null"), none, false, "host memory", huge);
    }
  }

  private static void assertUnsupported(
      SimulationConfig config, Medium medium, boolean verify, String why, Job... jobs) {
    WorkloadRun run = new WorkloadRun(List.of(jobs), config, verify, () -> 0, share -> {});
    assertThatThrownBy(() -> run.run(medium))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theFallbackEncryptsWhereTheDeviceCannot() {
    List<Job> jobs = List.of(Jobs.of("rw=randrw", "size=1m", "ic_keys=4", "number_ios=200"));
    try (Medium medium = new MemoryMedium(1 << 20)) {
      WorkloadResult result = run(config("software", "ufs31"), medium, true, jobs);
      assertThat(result.problems()).isEmpty();
    }
  }
}
