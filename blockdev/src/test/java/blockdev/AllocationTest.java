package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.BioSubmitter;
import blockdev.queue.HardwareQueue;
import blockdev.queue.Scheduler;
import com.sun.management.ThreadMXBean;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The data path allocates nothing in steady state, from submit to the end of the bio. */
class AllocationTest {
  private static final int SLACK_BYTES = 1000; // for the measurement itself
  private static final int MOST_BATCHES = 30;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final MemoryMedium medium = new MemoryMedium(64 << 20);
  private final Simulation simulation =
      new Simulation(
          SimulationConfig.defaults()
              .withDevice(DeviceModel.ufs(32).withLogicalBlockBytes(512))
              .withImmediateTime(),
          medium);
  private final HardwareQueue queue = simulation.queue().submitter();
  private final CryptoKey key = key(true);
  private long ends;

  @AfterEach
  void close() {
    simulation.close();
    medium.close();
  }

  @Test
  void a4KiBWriteAndReadAllocateNothing() {
    Bio bio = new Bio(1, this::ended);
    long page = simulation.queue().memory().allocate(4096);
    assertAllocatesNothing(
        50_000,
        2,
        round -> {
          submit(bio, BioOp.WRITE, round * 8L % 100_000, page, 4096, 1);
          submit(bio, BioOp.READ, round * 8L % 100_000, page, 4096, 1);
        });
  }

  @Test
  void a4KiBWriteAndReadThroughTheFallbackAllocateNothing() {
    CryptoKey inSoftware = key(false);
    assertThat(simulation.blkCrypto().startUsing(simulation.queue(), inSoftware))
        .isEqualTo(Errno.OK);
    BioSubmitter submitter = simulation.blkCrypto().submitter(simulation.queue());
    Bio bio = new Bio(1, this::ended);
    long page = simulation.queue().memory().allocate(4096);
    assertAllocatesNothing(
        20_000,
        2,
        round -> {
          bio.reset(BioOp.WRITE, round * 8L % 100_000).addSegment(page, 4096);
          bio.crypt().set(inSoftware, 1);
          submitter.submit(bio);
          bio.reset(BioOp.READ, round * 8L % 100_000).addSegment(page, 4096);
          bio.crypt().set(inSoftware, 1);
          submitter.submit(bio);
        });
  }

  @Test
  void aBioThatIsSplitAllocatesNothing() {
    Bio bio = new Bio(4, this::ended); // 4 segments with gaps between them: 4 requests
    long run = simulation.queue().memory().allocate(16384);
    assertAllocatesNothing(
        20_000,
        1,
        round -> {
          bio.reset(round % 2 == 0 ? BioOp.WRITE : BioOp.READ, 0);
          for (int i = 0; i < 4; i++) {
            bio.addSegment(run + 4096 * i, 512);
          }
          bio.crypt().set(key, 0);
          queue.submit(bio);
        });
    assertThat(simulation.queue().counters().splits()).isEqualTo(3 * ends);
  }

  @Test
  void aBioOf2MiBAllocatesNothing() {
    Bio bio = new Bio(32, this::ended);
    long[] runs = new long[32];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = simulation.queue().memory().allocate(65536);
    }
    assertAllocatesNothing(
        200,
        1,
        round -> {
          bio.reset(round % 2 == 0 ? BioOp.WRITE : BioOp.READ, 0);
          for (long run : runs) {
            bio.addSegment(run, 65536);
          }
          bio.crypt().set(key, 0);
          queue.submit(bio);
        });
    assertThat(simulation.queue().counters().splits()).isEqualTo(ends);
  }

  @Test
  void biosThatMergeInAPlugAllocateNothing() {
    Bio[] bios = new Bio[256];
    long page = simulation.queue().memory().allocate(4096);
    for (int i = 0; i < bios.length; i++) {
      bios[i] = new Bio(1, this::ended);
    }
    assertAllocatesNothing(
        200,
        bios.length,
        round -> {
          queue.startPlug();
          for (int i = 0; i < bios.length; i++) {
            submit(bios[i], BioOp.WRITE, i * 8L, page, 4096, i * 8L);
          }
          queue.finishPlug();
        });
    assertThat(simulation.queue().counters().requests())
        .as("one more, for its slot was not there")
        .isEqualTo(ends / bios.length + 1);
  }

  @Test
  void requestsThatWaitAndMergeInAnElevatorAllocateNothing() {
    HostModel host = HostModel.DEFAULT.withQueueDepth(4).withScheduler(Scheduler.ELEVATOR);
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(DeviceModel.ufs(32).withLogicalBlockBytes(512))
            .withImmediateTime()
            .withHost(host);
    try (Simulation waiting = new Simulation(config, medium)) {
      HardwareQueue elevatorQueue = waiting.queue().submitter();
      long page = waiting.queue().memory().allocate(4096);
      Bio[] bios = new Bio[16];
      for (int i = 0; i < bios.length; i++) {
        bios[i] = new Bio(1, this::ended);
      }
      assertAllocatesNothing(
          2000,
          bios.length,
          round -> {
            elevatorQueue.startPlug();
            for (int i = 0; i < bios.length; i++) {
              int block = i * 7 % bios.length; // later ones close the gaps between earlier ones
              bios[i].reset(BioOp.WRITE, block * 8L).addSegment(page, 4096);
              bios[i].crypt().set(key, block * 8L);
              elevatorQueue.submit(bios[i]);
            }
            elevatorQueue.finishPlug();
          });
      assertThat(waiting.queue().counters().requestMerges()).isPositive();
      assertThat(waiting.queue().counters().tagWaits()).isPositive();
    }
  }

  @FunctionalInterface
  private interface Round {
    void run(int round);
  }

  /**
   * Runs batches of rounds until one allocates nothing: before code is compiled, it may allocate
   * what escape analysis takes away later.
   */
  private void assertAllocatesNothing(int rounds, int biosPerRound, Round round) {
    long allocated = Long.MAX_VALUE;
    for (int batch = 1; batch <= MOST_BATCHES && allocated >= SLACK_BYTES; batch++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < rounds; i++) {
        round.run(i);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(ends).isEqualTo((long) batch * rounds * biosPerRound);
    }
    assertThat(allocated).as("bytes in %d rounds", rounds).isLessThan(SLACK_BYTES);
  }

  private void submit(Bio bio, BioOp op, long sector, long page, int bytes, long dun) {
    bio.reset(op, sector).addSegment(page, bytes);
    bio.crypt().set(key, dun);
    queue.submit(bio);
  }

  private void ended(Bio bio) {
    if (bio.status() != BioStatus.OK) {
      throw new AssertionError(bio.status());
    }
    ends++;
  }

  private static CryptoKey key(boolean allowHardware) {
    byte[] raw = new byte[64];
    raw[0] = 1;
    CryptoConfig config = new CryptoConfig(CryptoMode.AES_256_XTS, 512, 8);
    return new CryptoKey(config.withAllowHardware(allowHardware), raw);
  }
}
