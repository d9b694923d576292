package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.media.MemoryMedium;
import blockdev.queue.Scheduler;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.KeyslotCounters;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole stack under traffic with ten times as many keys as slots, in both forms of time. */
class DataPathModelTest {
  @ParameterizedTest(name = "virtual {0}, blocks {1}, units {2}, threads {3}, by device {4}")
  @CsvSource({
    "true, 4096, 4096, 1, true",
    "true, 4096, 4096, 4, true",
    "true, 4096, 512, 2, true",
    "true, 512, 4096, 3, true",
    "true, 512, 512, 4, true",
    "false, 4096, 4096, 1, true",
    "false, 4096, 4096, 2, true",
    "false, 512, 512, 2, true",
    "false, 512, 4096, 1, true",
    "true, 4096, 4096, 4, false",
    "true, 512, 512, 2, false",
    "false, 4096, 4096, 1, false",
    "false, 512, 512, 2, false",
    "false, 4096, 4096, 2, false",
  })
  @Timeout(60)
  void whatIsReadIsWhatWasWrittenAndEveryUnitOnTheMediumIsPredicted(
      boolean virtualTime, int blockBytes, int unitBytes, int threads, boolean byDevice) {
    DeviceModel capable = DeviceModel.ufs(4);
    DeviceModel device = byDevice ? capable : capable.withoutInlineCrypt();
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(device.withLogicalBlockBytes(blockBytes))
            .withHost(HostModel.DEFAULT.withQueueDepth(16));
    run(virtualTime ? config : config.withImmediateTime(), unitBytes, threads, byDevice);
  }

  @ParameterizedTest
  @CsvSource({"true, 2", "true, 3", "false, 2"})
  @Timeout(60)
  void theSameHoldsWhereRequestsWaitInAnElevator(boolean virtualTime, int queueDepth) {
    HostModel host = HostModel.DEFAULT.withQueueDepth(queueDepth);
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(DeviceModel.ufs(4).withLogicalBlockBytes(512))
            .withHost(host.withScheduler(Scheduler.ELEVATOR));
    run(virtualTime ? config : config.withImmediateTime(), 4096, 2, true);
  }

  private static void run(SimulationConfig config, int unitBytes, int threads, boolean byDevice) {
    try (MemoryMedium medium = new MemoryMedium(2 << 20);
        Simulation simulation = new Simulation(config, medium)) {
      int seed = config.device().logicalBlockBytes() + threads;
      RandomTraffic traffic = new RandomTraffic(simulation, seed, unitBytes);
      traffic.run(threads, 600 / threads, () -> {});

      KeyslotCounters counters =
          byDevice
              ? simulation.queue().keyslots().counters()
              : Objects.requireNonNull(simulation.blkCrypto().fallback()).keyslotCounters();
      assertThat(counters.programs()).isGreaterThan(byDevice ? 40 : 30);
      assertThat(counters.busyEvicts()).isZero();
      assertThat(simulation.queue().counters().merges()).isPositive();
      predict(traffic, medium, unitBytes);
    }
  }

  private static void predict(RandomTraffic traffic, MemoryMedium medium, int unitBytes) {
    MemorySegment plaintext = MemorySegment.ofArray(traffic.expected);
    MemorySegment predicted = MemorySegment.ofArray(new byte[unitBytes]);
    int[] units = {0};
    traffic.forEachWrittenUnit((start, key, dun0, dun1) -> {
      if (key < 0) {
        MemorySegment.copy(plaintext, start, predicted, 0, unitBytes);
      } else {
        try (DataUnitCipher cipher =
            CipherEngine.named("reference")
                .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(traffic.rawKey(key)))) {
          cipher.encrypt(dun0, dun1, 0, 0, unitBytes, plaintext, start, predicted, 0, unitBytes);
        }
      }
      assertThat(medium.segment().asSlice(start, unitBytes).mismatch(predicted))
          .as("unit at %d, key %d", start, key)
          .isEqualTo(-1);
      units[0]++;
    });
    assertThat(units[0]).isGreaterThan(100);
  }
}
