package bench.experiment;

import static bench.workload.KeyGranularity.PER_EXTENT;
import static bench.workload.KeyGranularity.PER_INODE;
import static inlinecrypt.keyslot.replacement.Replacement.BELADY;
import static inlinecrypt.keyslot.replacement.Replacement.LRU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import bench.workload.ExtentWorkload;
import bench.workload.IoSequence;
import bench.workload.KeyGranularity;
import blockdev.sim.DeviceTiming;
import inlinecrypt.keyslot.replacement.Replacement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsExperimentTest {
  private static final int IOS = 2_000;
  private static final ExtentWorkload WORKLOAD = new ExtentWorkload(64, 8, IOS, 1);
  private static final DeviceTiming UFS = SlotsExperiment.NINE_DIES;

  @Test
  void anEqualRunIsTheSameRun() {
    SlotsRow row = new SlotsExperiment(WORKLOAD, 16, UFS).run(PER_EXTENT, 8, LRU);
    assertThat(new SlotsExperiment(WORKLOAD, 16, UFS).run(PER_EXTENT, 8, LRU)).isEqualTo(row);
  }

  @ParameterizedTest
  @EnumSource
  void withASlotForEachKeyOnlyTheFirstUseMisses(KeyGranularity granularity) {
    ExtentWorkload small = new ExtentWorkload(4, 4, IOS, 1); // few enough for all to be used
    int keys = granularity.keyCount(small);
    SlotsRow row = new SlotsExperiment(small, 16, UFS).run(granularity, 16, LRU);
    assertThat(row.requests()).isEqualTo(IOS);
    assertThat(row.misses()).isEqualTo(keys);
    assertThat(row.programs()).isEqualTo(keys);
    assertThat(row.hitRatio()).isEqualTo((double) (IOS - keys) / IOS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32, 64})
  void aKeyPerExtentHitsNoMoreOftenThanAKeyPerInode(int slots) {
    SlotsExperiment experiment = new SlotsExperiment(WORKLOAD, 16, UFS);
    assertThat(experiment.run(PER_EXTENT, slots, LRU).hitRatio())
        .isLessThanOrEqualTo(experiment.run(PER_INODE, slots, LRU).hitRatio());
  }

  @Test
  void filesOfOneExtentHaveTheSameKeysEitherWay() {
    SlotsExperiment experiment = new SlotsExperiment(new ExtentWorkload(64, 1, IOS, 1), 16, UFS);
    SlotsRow perInode = experiment.run(PER_INODE, 8, LRU);
    SlotsRow perExtent = experiment.run(PER_EXTENT, 8, LRU);
    assertThat(perExtent.eventLogHash()).isEqualTo(perInode.eventLogHash());
    assertThat(perExtent.misses()).isEqualTo(perInode.misses());
  }

  @ParameterizedTest
  @EnumSource
  void nobodyWaitsIfProgrammingTakesNoTimeAndSlotsCoverTheDepth(KeyGranularity granularity) {
    SlotsRow row = new SlotsExperiment(WORKLOAD, 16, programming(0)).run(granularity, 16, LRU);
    assertThat(row.meanWaitUs()).isZero();
    assertThat(row.sleeps()).isZero();
    assertThat(row.misses()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "PER_INODE,1",
    "PER_INODE,4",
    "PER_INODE,16",
    "PER_EXTENT,1",
    "PER_EXTENT,16",
    "PER_EXTENT,64"
  })
  void oneAtATimeTheSlotsAreALeastRecentlyUsedCache(KeyGranularity granularity, int slots) {
    SlotsRow row = new SlotsExperiment(WORKLOAD, 1, UFS).run(granularity, slots, LRU);
    long misses = leastRecentlyUsedMisses(granularity, slots);
    assertThat(row.misses()).isEqualTo(misses);
    // Each I/O takes 90 µs and its 4096 bytes, at 2.1 GB/s, 1951 ns; each miss 15 µs before that.
    assertThat(row.virtualNs()).isEqualTo(IOS * 91_951L + misses * 15_000L);
    assertThat(row.meanWaitUs()).isEqualTo(misses * 15_000L / 1000.0 / IOS);
    assertThat(List.of(row.p50WaitOfWaitedUs(), row.p99WaitOfWaitedUs(), row.maxWaitUs()))
        .allSatisfy(waitUs -> assertThat(waitUs).isCloseTo(15, withinPercentage(1)));
    assertThat(row.meanBusySlots())
        .isCloseTo(IOS * 91_951.0 / row.virtualNs(), withinPercentage(0.001));
    assertThat(row.meanKeyedSlots()).isGreaterThan(0.9 * slots).isLessThanOrEqualTo(slots);
  }

  @ParameterizedTest
  @EnumSource
  void programmingOneAfterTheOtherBoundsTheThroughput(KeyGranularity granularity) {
    long programNs = 100_000;
    SlotsRow row =
        new SlotsExperiment(WORKLOAD, 16, programming(programNs)).run(granularity, 16, LRU);
    double bound = 1e9 * row.requests() / row.misses() / programNs; // 1 / (m P)
    assertThat(row.iops()).isBetween(0.95 * bound, bound);
  }

  @ParameterizedTest
  @EnumSource
  void whateverThePolicyEqualRunsAreTheSameRun(Replacement replacement) {
    SlotsRow row = new SlotsExperiment(WORKLOAD, 16, UFS).run(PER_EXTENT, 24, replacement);
    assertThat(row.policy()).isEqualTo(replacement.label());
    assertThat(row.requests()).isEqualTo(IOS);
    assertThat(new SlotsExperiment(WORKLOAD, 16, UFS).run(PER_EXTENT, 24, replacement))
        .isEqualTo(row);
  }

  @ParameterizedTest
  @EnumSource
  void oneAtATimeNoPolicyMissesLessThanTheOneThatKnowsTheFuture(Replacement replacement) {
    SlotsExperiment experiment = new SlotsExperiment(WORKLOAD, 1, UFS);
    for (int slots : new int[] {1, 4, 16, 64}) {
      assertThat(experiment.run(PER_EXTENT, slots, replacement).misses())
          .isGreaterThanOrEqualTo(experiment.run(PER_EXTENT, slots, BELADY).misses());
    }
  }

  @Test
  void slotsAndDepthOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new SlotsExperiment(WORKLOAD, 0, UFS))
        .hasMessage("queueDepth must be from 1 to 128, is 0");
    assertThatThrownBy(() -> new SlotsExperiment(WORKLOAD, 1, UFS).run(PER_INODE, 0, LRU))
        .hasMessage("slots must be from 1 to 65535, is 0");
  }

  private static DeviceTiming programming(long programNs) {
    return new DeviceTiming(UFS.keys().withProgramNs(programNs), UFS.media());
  }

  private static long leastRecentlyUsedMisses(KeyGranularity granularity, int slots) {
    IoSequence ios = WORKLOAD.ios();
    List<Integer> cache = new ArrayList<>();
    long misses = 0;
    for (int index = 0; index < ios.count(); index++) {
      Integer key = granularity.keyOf(WORKLOAD, ios.block(index));
      if (!cache.remove(key)) {
        misses++;
        if (cache.size() == slots) {
          cache.removeFirst();
        }
      }
      cache.add(key);
    }
    return misses;
  }
}
