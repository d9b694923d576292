package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.media.NullMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import blockdev.queue.HardwareQueue;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The arithmetic of workloads-and-hardware.md §8.3, from bios down to a device that takes time for
 * nothing but programming, 20 µs with 32 slots.
 */
class KeyslotWaitTest {
  private static final long PROGRAM_NS = 20_000;
  private static final int KEYS = 64; // in turn, so that each has left its slot when it is due

  /** Arrivals at random, 40,000 a second: W = P ρ / 2(1 − ρ) with ρ = λ m P. */
  @ParameterizedTest
  @CsvSource({"0.5, 6.667", "1, 40"})
  void randomArrivalsWaitAsTheFormulaSays(double missRatio, double expectedUs) {
    int count = 100_000;
    try (Run run = new Run()) {
      Random random = new Random(11);
      double atNs = 0;
      int misses = 0;
      for (int i = 0; i < count; i++) {
        atNs += -StrictMath.log(1 - random.nextDouble()) * 1e9 / 40_000;
        boolean isMiss = random.nextDouble() < missRatio;
        run.at(Math.round(atNs), isMiss ? run.keys.get(1 + misses++ % (KEYS - 1)) : run.hotKey());
      }
      run.await();
      KeyslotCounters counters = run.simulation.queue().keyslots().counters();
      assertThat(counters.programs()).isBetween(misses + 0L, misses + 1L);
      double lockWaitNs = (double) run.missLatencyNsTotal / misses - PROGRAM_NS;
      assertThat(lockWaitNs / 1000).isCloseTo(expectedUs, within(0.05 * expectedUs));
    }
  }

  /** 1 / P where every request misses. */
  @Test
  void whereAllMissProgrammingIsTheThroughput() {
    int depth = 16;
    int count = 1000;
    try (Run run = new Run()) {
      for (int i = 0; i < depth; i++) {
        run.keepGoing(count);
      }
      run.await();
      double perSecond = depth * count * 1e9 / run.simulation.time().nowNs();
      assertThat(perSecond).isCloseTo(1e9 / PROGRAM_NS, within(50.0));
    }
  }

  private static final class Run implements AutoCloseable {
    final NullMedium medium = new NullMedium(1L << 30);
    final Simulation simulation;
    final HardwareQueue queue;
    final EventQueue events;
    final List<CryptoKey> keys = IntStream.range(0, KEYS).mapToObj(KeyslotWaitTest::key).toList();
    private final WaitPoint over = new WaitPoint();
    long missLatencyNsTotal;
    private int expected;
    private int next;

    Run() {
      DevicePreset device = DevicePreset.named("slots-32");
      simulation =
          new Simulation(
              SimulationConfig.defaults()
                  .withDevice(
                      DeviceModel.of(device, MediaPreset.named("null"))
                          .withKeyTiming(device.timing().withProgramNs(PROGRAM_NS))),
              medium);
      queue = simulation.queue().submitter();
      events = simulation.time().newEventQueue();
    }

    CryptoKey hotKey() {
      return keys.getFirst();
    }

    void at(long ns, CryptoKey key) {
      expected++;
      Runnable then =
          () -> {
            if (key != hotKey()) {
              missLatencyNsTotal += simulation.time().nowNs() - ns;
            }
          };
      events.schedule(() -> read(key, then), ns);
    }

    /** One after the other, each with the key that comes next. */
    void keepGoing(int count) {
      expected += count;
      int[] left = {count};
      Runnable[] again = new Runnable[1];
      again[0] =
          () -> {
            if (left[0]-- > 0) {
              read(keys.get(next++ % KEYS), again[0]);
            }
          };
      again[0].run();
    }

    private void read(CryptoKey key, Runnable then) {
      Bio bio = new Bio(1, ignored -> ended(then)).reset(BioOp.READ, 0);
      bio.addSegment(page(), 4096);
      bio.crypt().set(key, 0);
      queue.submit(bio);
    }

    private void ended(Runnable then) {
      then.run();
      if (--expected == 0) {
        over.signal();
      }
    }

    private long page;

    private long page() {
      if (page == 0) {
        page = simulation.queue().memory().allocate(4096);
      }
      return page;
    }

    void await() {
      queue.await(over);
    }

    @Override
    public void close() {
      simulation.close();
      medium.close();
    }
  }

  private static CryptoKey key(int number) {
    byte[] raw = new byte[64];
    raw[0] = (byte) (number + 1);
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }
}
