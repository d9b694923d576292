package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.HardwareQueue;
import com.sun.management.ThreadMXBean;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The data path allocates nothing in steady state, from submit to the end of the bio. */
class AllocationTest {
  private static final int SLACK_BYTES = 1000; // for the measurement itself

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final MemoryMedium medium = new MemoryMedium(64 << 20);
  private final Simulation simulation =
      new Simulation(SimulationConfig.defaults().withImmediateTime(), medium);
  private final HardwareQueue queue = simulation.queue().hardwareQueue();
  private final CryptoKey key = key();
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
        100_000,
        2,
        round -> {
          submit(bio, BioOp.WRITE, round * 8L % 100_000, page, 4096, 1);
          submit(bio, BioOp.READ, round * 8L % 100_000, page, 4096, 1);
        });
  }

  @Test
  void aBioOf2MiBThatIsSplitAllocatesNothing() {
    Bio bio = new Bio(32, this::ended);
    long[] runs = new long[32];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = simulation.queue().memory().allocate(65536);
    }
    assertAllocatesNothing(
        300,
        1,
        round -> {
          bio.reset(round % 2 == 0 ? BioOp.WRITE : BioOp.READ, 0);
          for (long run : runs) {
            bio.addSegment(run, 65536);
          }
          bio.crypt().set(key, 0);
          queue.submit(bio);
        });
    assertThat(simulation.queue().counters().splits()).isEqualTo(600);
  }

  @Test
  void biosThatMergeInAPlugAllocateNothing() {
    Bio[] bios = new Bio[256];
    long page = simulation.queue().memory().allocate(4096);
    for (int i = 0; i < bios.length; i++) {
      bios[i] = new Bio(1, this::ended);
    }
    assertAllocatesNothing(
        500,
        bios.length,
        round -> {
          queue.startPlug();
          for (int i = 0; i < bios.length; i++) {
            submit(bios[i], BioOp.WRITE, i * 8L, page, 4096, i);
          }
          queue.finishPlug();
        });
    assertThat(simulation.queue().counters().merges()).isEqualTo(2 * 500 * 255);
  }

  @FunctionalInterface
  private interface Round {
    void run(int round);
  }

  private void assertAllocatesNothing(int rounds, int biosPerRound, Round round) {
    repeat(rounds, round);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(rounds, round);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(ends).isEqualTo(2L * rounds * biosPerRound);
    assertThat(allocated).as("bytes in %d rounds", rounds).isLessThan(SLACK_BYTES);
  }

  private static void repeat(int rounds, Round round) {
    for (int i = 0; i < rounds; i++) {
      round.run(i);
    }
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

  private static CryptoKey key() {
    byte[] raw = new byte[64];
    raw[0] = 1;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }
}
