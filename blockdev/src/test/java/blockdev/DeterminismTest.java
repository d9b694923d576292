package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.media.MemoryMedium;
import blockdev.queue.QueueCounters;
import blockdev.queue.crypto.FallbackCounters;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same run in virtual time, event for event, whatever the host does. */
class DeterminismTest {
  private record Outcome(
      long eventLogHash,
      long nowNs,
      QueueCounters queue,
      KeyslotCounters keyslots,
      FallbackCounters fallback) {}

  @ParameterizedTest(name = "{0} keyslots")
  @ValueSource(ints = {3, 0})
  void aRunDoesNotDependOnTheHost(int slots) {
    Outcome first = run(slots, 7, () -> {});
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(run(slots, 7, DeterminismTest::pause)).isEqualTo(first);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void anotherSeedIsAnotherRun() {
    assertThat(run(3, 8, () -> {}).eventLogHash).isNotEqualTo(run(3, 7, () -> {}).eventLogHash);
  }

  private static void pause() {
    Thread.yield();
    LockSupport.parkNanos(50_000);
  }

  private static Outcome run(int slots, long seed, Runnable disturbance) {
    SimulationConfig config =
        SimulationConfig.defaults().withSlots(slots).withHost(HostModel.DEFAULT.withQueueDepth(8));
    try (MemoryMedium medium = new MemoryMedium(2 << 20);
        Simulation simulation = new Simulation(config, medium)) {
      new RandomTraffic(simulation, seed, 4096).run(4, 100, disturbance);
      return new Outcome(
          simulation.eventLogHash(),
          simulation.time().nowNs(),
          simulation.queue().counters(),
          simulation.queue().keyslots().counters(),
          Objects.requireNonNull(simulation.blkCrypto().fallback()).counters());
    }
  }
}
