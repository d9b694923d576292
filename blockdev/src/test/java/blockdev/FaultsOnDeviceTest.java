package blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.bio.BioStatus;
import blockdev.fault.Fault;
import blockdev.fault.FaultKind;
import blockdev.fault.FaultPlan;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of fault as the host meets it. */
@Timeout(20)
class FaultsOnDeviceTest {
  @Test
  void aBlockThatCannotBeReadFailsUntilThePlanSaysOtherwise() {
    try (FaultyDevice device = new FaultyDevice("read-error:lba=3,times=2")) {
      assertThat(device.write(0, 8, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.read(0, 3)).isEqualTo(BioStatus.OK);
      assertThat(device.read(0, 4)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.read(3, 1)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.read(3, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 8)).containsOnly(1);
      assertThat(device.happened(FaultKind.READ_ERROR)).isEqualTo(2);
    }
  }

  @Test
  void aWriteThatFailsHasWrittenTheBlocksBeforeTheBadOne() {
    try (FaultyDevice device = new FaultyDevice("write-error:lba=2,nth=2")) {
      assertThat(device.write(0, 4, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(0, 4, 2)).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.contents(0, 4)).containsExactly(2, 2, 1, 1);
      assertThat(device.write(0, 4, 3)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 4)).containsOnly(3);
    }
  }

  @Test
  void aFlushThatFailsSaysSo() {
    try (FaultyDevice device = new FaultyDevice("flush-error")) {
      assertThat(device.flush()).isEqualTo(BioStatus.MEDIUM);
      assertThat(device.flush()).isEqualTo(BioStatus.OK);
      assertThat(device.happened(FaultKind.FLUSH_ERROR)).isEqualTo(1);
    }
  }

  @Test
  void aLostWriteIsAcknowledgedAndTheOldContentsStay() {
    try (FaultyDevice device = new FaultyDevice("lost-write:nth=2")) {
      assertThat(device.write(4, 2, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.write(4, 2, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(4, 2)).containsOnly(1);
    }
  }

  @Test
  void aMisdirectedWriteIsAcknowledgedAndLandsElsewhere() {
    try (FaultyDevice device = new FaultyDevice("misdirected-write:lba=4,nth=2")) {
      device.write(0, FaultyDevice.BLOCKS, 1);
      assertThat(device.write(4, 1, 2)).isEqualTo(BioStatus.OK);
      List<Integer> all = device.contents(0, FaultyDevice.BLOCKS);
      assertThat(all.get(4)).isEqualTo(1);
      assertThat(all).as("it hit another block").containsOnlyOnce(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bit-rot:lba=5", "bit-rot:lba=5,at=1ms"})
  void aBitThatRotsIsWrongFromThenOn(String fault) {
    try (FaultyDevice device = new FaultyDevice(fault)) {
      device.write(4, 2, 1);
      byte[] written = device.medium();
      device.pause(2_000_000);
      assertThat(device.read(4, 2)).isEqualTo(BioStatus.OK);
      byte[] rotten = device.medium();
      assertThat(bitsThatDiffer(written, rotten)).isEqualTo(1);
      assertThat(Arrays.mismatch(written, rotten) / FaultyDevice.BLOCK).isEqualTo(5);
      assertThat(device.read(4, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.medium()).isEqualTo(rotten);
      assertThat(device.happened(FaultKind.BIT_ROT)).isEqualTo(1);
    }
  }

  private static long bitsThatDiffer(byte[] one, byte[] other) {
    return LongStream.range(0, one.length)
        .map(i -> Integer.bitCount((one[(int) i] ^ other[(int) i]) & 0xFF))
        .sum();
  }

  @Test
  void aBitThatRotsInCiphertextGarblesItsDataUnitOnly() {
    try (FaultyDevice device = new FaultyDevice("bit-rot:lba=5")) {
      device.useKey();
      device.write(4, 3, 1);
      assertThat(device.contents(4, 3)).containsExactly(1, FaultyDevice.GARBAGE, 1);
    }
  }

  @Test
  void aSlotThatIsNotProgrammedFailsItsRequestsAndTheNextTryWorks() {
    try (FaultyDevice device = new FaultyDevice("program-error")) {
      device.useKey();
      assertThat(device.write(0, 1, 1)).isEqualTo(BioStatus.IOERR);
      assertThat(device.write(0, 1, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 1)).containsExactly(2);
      assertThat(device.happened(FaultKind.PROGRAM_ERROR)).isEqualTo(1);
    }
  }

  /** Nobody is told. Only what is read once the right key is back shows it. */
  @Test
  void aSlotWithTheWrongKeyShowsInWhatIsReadWithTheRightOne() {
    try (FaultyDevice device = new FaultyDevice("wrong-key")) {
      device.useKey();
      assertThat(device.write(0, 2, 1)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 2)).as("the same wrong key opens it").containsOnly(1);
      device.evictKey();
      assertThat(device.read(0, 2)).isEqualTo(BioStatus.OK);
      assertThat(device.contents(0, 2)).containsOnly(FaultyDevice.GARBAGE);
      assertThat(device.happened(FaultKind.WRONG_KEY)).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatCannotBeProgrammedAgainAfterAResetFailsItsRequestsUntilItIsEvicted() {
    try (FaultyDevice device = new FaultyDevice("program-error:nth=2")) {
      device.useKey();
      device.write(0, 1, 1);
      device.resetController();
      assertThat(device.simulation.queue().keyslots().counters().failedPrograms()).isEqualTo(1);
      assertThat(device.read(0, 1)).isEqualTo(BioStatus.IOERR);
      device.evictKey();
      assertThat(device.contents(0, 1)).containsExactly(1);
    }
  }

  @Test
  void aWrongKeyAfterAResetShowsInWhatWasWrittenBefore() {
    try (FaultyDevice device = new FaultyDevice("wrong-key:nth=2")) {
      device.useKey();
      device.write(0, 1, 1);
      device.resetController();
      assertThat(device.contents(0, 1)).containsExactly(FaultyDevice.GARBAGE);
      device.evictKey();
      assertThat(device.contents(0, 1)).as("the data was never harmed").containsExactly(1);
    }
  }

  @Test
  void theSamePlanDoesTheSame() {
    assertThat(afterRandomFaults(1)).isEqualTo(afterRandomFaults(1));
    assertThat(afterRandomFaults(1)).isNotEqualTo(afterRandomFaults(2));
  }

  private static List<Object> afterRandomFaults(long seed) {
    FaultPlan plan =
        new FaultPlan(
            seed,
            Fault.parse("write-error:p=0.2"),
            Fault.parse("misdirected-write:p=0.2"),
            Fault.parse("lost-write:p=0.2"),
            Fault.parse("bit-rot:p=0.2"),
            Fault.parse("read-error:p=0.2"));
    try (FaultyDevice device = new FaultyDevice(plan)) {
      List<Object> log = new ArrayList<>();
      Random chance = new Random(5);
      for (int i = 0; i < 100; i++) {
        int block = chance.nextInt(FaultyDevice.BLOCKS - 4);
        int blocks = 1 + chance.nextInt(4);
        log.add(chance.nextBoolean() ? device.write(block, blocks, i) : device.read(block, blocks));
      }
      log.add(device.medium());
      log.add(device.simulation.eventLogHash());
      log.add(device.simulation.faults().toString());
      return List.of(Arrays.deepToString(log.toArray()));
    }
  }

  @Test
  void faultsNeedVirtualTimeAndSilentOnesAMediumWithBytes() {
    SimulationConfig config =
        SimulationConfig.defaults().withFaults(new FaultPlan(1, Fault.of(FaultKind.LOST_WRITE)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Simulation(config, new NullMedium(1 << 20)))
        .withMessageContaining("nobody would see some of these faults");
    try (MemoryMedium medium = new MemoryMedium(1 << 20)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Simulation(config.withImmediateTime(), medium))
          .withMessageContaining("virtual time");
    }
    SimulationConfig loud =
        SimulationConfig.defaults().withFaults(new FaultPlan(1, Fault.of(FaultKind.READ_ERROR)));
    try (Simulation simulation = new Simulation(loud, new NullMedium(1 << 20))) {
      assertThat(simulation.faults().total()).isZero();
    }
  }

  @Test
  void aBitCannotRotWhereThereIsNoBlock() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FaultyDevice("bit-rot:lba=64,at=1ms").close())
        .withMessageContaining("there are no such blocks");
  }
}
