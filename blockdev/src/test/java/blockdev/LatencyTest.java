package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.HardwareQueue;
import blockdev.sim.CryptoTiming;
import blockdev.sim.DeviceTiming;
import blockdev.sim.MediaTiming;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * When bios end, worked by hand. Four units, 100 µs for a command, 1 µs for 4 KiB on the link, 15
 * µs to program a slot; sector 8n is on unit n mod 4. Times in µs.
 */
class LatencyTest {
  private static final DeviceTiming FOUR_UNITS =
      timing(15_000, MediaTiming.ofDies(4, 100_000, 4_096_000_000L));

  /** Any number of commands at a time, no time on the link; 20 µs to program. */
  private static final DeviceTiming UNLIMITED =
      timing(20_000, MediaTiming.ofDies(1024, 100_000, MediaTiming.UNLIMITED));

  /** Suspended after 3 ms without work, and then 1 ms away. */
  private static final DeviceTiming SUSPENDING =
      new DeviceTiming(FOUR_UNITS.keys().withSuspendAfterNs(3_000_000), FOUR_UNITS.media());

  private static DeviceTiming timing(long programNs, MediaTiming media) {
    return new DeviceTiming(
        new CryptoTiming(programNs, 10_000, 0, 0, MediaTiming.UNLIMITED, 1_000_000, 0), media);
  }

  @Test
  void oneReadTakesItsCommandAndItsTransfer() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.read(0, 4096, null);
      assertThat(run.endsUs()).containsExactly(101L);
    }
  }

  @Test
  void aFlushWaitsForNothingWhereNothingIsBuffered() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.submit(new Bio(0, run::ended).reset(BioOp.FLUSH, 0));
      assertThat(run.endsUs()).containsExactly(0L);
    }
  }

  @Test
  void aTransferKeepsEachUnitBusyForItsPages() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.read(0, 65536, null); // four pages on each; the last four leave by the link at 400
      assertThat(run.endsUs()).containsExactly(404L);
    }
  }

  @Test
  void commandsOnDifferentUnitsOverlapAndTheirTransfersDoNot() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      for (int i = 0; i < 4; i++) {
        run.read(8L * i, 4096, null);
      }
      assertThat(run.endsUs()).containsExactly(101L, 102L, 103L, 104L);
    }
  }

  @Test
  void moreCommandsThanUnitsTakeAnotherRound() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      for (int i = 0; i < 8; i++) {
        run.read(8L * i, 4096, null);
      }
      assertThat(run.endsUs()).containsExactly(101L, 102L, 103L, 104L, 201L, 202L, 203L, 204L);
    }
  }

  @Test
  void commandsOnOneUnitFollowEachOther() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.read(0, 4096, null);
      run.read(32, 4096, null);
      assertThat(run.endsUs()).containsExactly(101L, 201L);
    }
  }

  @Test
  void aMissIsProgrammedFirstAndAHitIsNot() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.read(0, 4096, run.keys[0]);
      assertThat(run.endsUs()).containsExactly(116L);
      run.read(0, 4096, run.keys[0]);
      assertThat(run.endsUs()).containsExactly(116L, 116L + 101);
    }
  }

  @Test
  void aHitBehindAMissWaitsUntilTheSlotIsProgrammed() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.read(0, 4096, run.keys[0]);
      run.endsUs(); // 116
      run.read(8, 4096, run.keys[1]); // 15 + 100 + 1
      run.read(16, 4096, run.keys[0]); // the same, and 1 for the link
      run.read(24, 4096, null); // plain: 100 + 1
      assertThat(run.endsUs()).containsExactly(116L, 116L + 101, 116L + 116, 116L + 117);
    }
  }

  @Test
  void aHitOvertakesASleeper() {
    // Case 1 of workloads-and-hardware.md §12: A 20-120; A' hits at 20, -120; B 140-240.
    try (Run run = new Run(UNLIMITED, 1)) {
      run.reads(0, 1, 0);
      assertThat(run.endsUs()).containsExactly(120L, 120L, 240L);
      run.assertCounts(2, 1, 1);
    }
  }

  @Test
  void aWaitIsMadeOfLockThenSlotThenOwnProgramming() {
    // Case 2: A 20-120, B 40-140, C sleeps at 40, programs 120-140, runs to 240.
    try (Run run = new Run(UNLIMITED, 2)) {
      run.reads(0, 1, 2);
      assertThat(run.endsUs()).containsExactly(120L, 140L, 240L);
      run.assertCounts(3, 0, 1);
    }
  }

  @Test
  void oneIdleSlotWakesAllSleepersAndServesOne() {
    // Case 3: A -120, B 140-240, C sleeps again at 140, programs 240-260, runs to 360.
    try (Run run = new Run(UNLIMITED, 1)) {
      run.reads(0, 1, 2);
      assertThat(run.endsUs()).containsExactly(120L, 240L, 360L);
      run.assertCounts(3, 0, 3);
    }
  }

  @Test
  void aResetLetsHitsWaitUntilAllSlotsAreProgrammedAgain() {
    // Case 4: reset at 0, all four programmed by 80; A comes at 10, hits at 80, runs to 180.
    try (Run run = new Run(UNLIMITED, 4)) {
      run.reads(0, 1, 2, 3);
      int before = run.endsUs().size();
      long resetUs = run.simulation.time().nowNs() / 1000;
      run.simulation.resetCryptoUnit(result -> assertThat(result).isEqualTo(Errno.OK));
      run.readLater(10, run.keys[0]);
      assertThat(run.endsUs().subList(before, before + 1)).containsExactly(resetUs + 180);
      run.assertCounts(8, 1, 0);
    }
  }

  @Test
  void aSuspendedDeviceIsResumedForWhateverItIsNeededFor() {
    try (Run run = new Run(SUSPENDING, 4)) {
      run.read(0, 4096, run.keys[0]);
      assertThat(run.endsUs()).as("on at first").containsExactly(116L);
      run.readLater(2_900, run.keys[0]); // at 3016, before it is suspended
      run.endsUs();
      run.readLater(3_100, run.keys[0]); // at 6217, a hit: 1000 + 101
      run.endsUs();
      run.readLater(3_100, run.keys[1]); // at 10418, a miss: 1000 + 15 + 101
      run.endsUs();
      run.readLater(3_100, null); // at 14634, plain: 1000 + 101
      assertThat(run.endsUs()).containsExactly(116L, 3117L, 7318L, 11534L, 15735L);
      assertThat(run.simulation.queue().keyslots().counters().resumes())
          .as("for the two misses")
          .isEqualTo(2);
    }
  }

  @Test
  void anIdleDeviceThatIsNotToldSoIsNeverSuspended() {
    try (Run run = new Run(FOUR_UNITS, 4)) {
      run.readLater(10_000_000, run.keys[0]);
      assertThat(run.endsUs()).containsExactly(10_000_116L);
    }
  }

  private static final class Run implements AutoCloseable {
    private final MemoryMedium medium = new MemoryMedium(1 << 20);
    private final Simulation simulation;
    private final HardwareQueue queue;
    final CryptoKey[] keys = new CryptoKey[4];
    private final List<Long> endsUs = new ArrayList<>();
    private final WaitPoint all = new WaitPoint();
    private int underWay;

    Run(DeviceTiming timing, int slots) {
      simulation =
          new Simulation(
              SimulationConfig.defaults().withDevice(DeviceModel.ufs(slots).withTiming(timing)),
              medium);
      queue = simulation.queue().submitter();
      for (int i = 0; i < keys.length; i++) {
        byte[] raw = new byte[64];
        raw[0] = (byte) (i + 1);
        keys[i] = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
      }
    }

    void reads(int... keyIndices) {
      for (int i = 0; i < keyIndices.length; i++) {
        read(8L * i, 4096, keys[keyIndices[i]]);
      }
    }

    void readLater(long delayUs, @Nullable CryptoKey key) {
      underWay++;
      simulation
          .time()
          .newEventQueue()
          .schedule(
              () -> {
                underWay--;
                read(0, 4096, key);
              },
              delayUs * 1000);
    }

    void read(long sector, int bytes, @Nullable CryptoKey key) {
      Bio bio = new Bio(1, this::ended).reset(BioOp.READ, sector);
      bio.addSegment(simulation.queue().memory().allocate(bytes), bytes);
      if (key != null) {
        bio.crypt().set(key, 0);
      }
      submit(bio);
    }

    void submit(Bio bio) {
      underWay++;
      queue.submit(bio);
    }

    void ended(Bio bio) {
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      endsUs.add(simulation.time().nowNs() / 1000);
      if (--underWay == 0) {
        all.signal();
      }
    }

    /** Waits for what is under way and gives the times of all ends so far. */
    List<Long> endsUs() {
      queue.await(all);
      all.reset();
      return endsUs;
    }

    void assertCounts(long programs, long hits, long sleeps) {
      assertThat(simulation.queue().keyslots().counters())
          .extracting(KeyslotCounters::programs, KeyslotCounters::hits, KeyslotCounters::sleeps)
          .containsExactly(programs, hits, sleeps);
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }
}
