package blockdev.fault;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.fault.FaultKind.Occasion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ArmedFaultsTest {
  @Test
  void aFaultHappensAtItsNthMatchAndAsOftenAsItSays() {
    ArmedFaults faults = armed("read-error:nth=3,times=2");
    assertThat(reads(faults, 6)).containsExactly(2, 3);
    assertThat(faults.counters().happened(FaultKind.READ_ERROR)).isEqualTo(2);
    assertThat(faults.counters()).hasToString("read-error 2");
  }

  @Test
  void aCommandMatchesThatTouchesABlockOfTheRange() {
    ArmedFaults faults = armed("write-error:lba=10-19,times=all");
    assertThat(faults.atCommand(Occasion.WRITE, 1, 9, 1)).isNull();
    assertThat(faults.atCommand(Occasion.WRITE, 1, 9, 2)).isNotNull();
    assertThat(faults.atCommand(Occasion.WRITE, 1, 19, 8)).isNotNull();
    assertThat(faults.atCommand(Occasion.WRITE, 1, 20, 8)).isNull();
    assertThat(faults.atCommand(Occasion.READ, 1, 10, 1)).isNull();
  }

  @Test
  void aFaultOfANamespaceLeavesTheOthersAlone() {
    ArmedFaults faults = armed("hang:nsid=2");
    assertThat(faults.atCommand(Occasion.FETCH, 1, 0, 1)).isNull();
    assertThat(faults.atCommand(Occasion.FETCH, 2, 0, 1)).isNotNull();
  }

  @Test
  void aFaultOfASlotLeavesTheOthersAlone() {
    ArmedFaults faults = armed("program-error:slot=3,times=all");
    assertThat(faults.atProgramming(2)).isNull();
    assertThat(faults.atProgramming(3)).isNotNull();
    assertThat(faults.atCommand(Occasion.READ, 1, 3, 1)).isNull();
  }

  @Test
  void theFirstOfSeveralFaultsHappensAndTheOthersHaveSeenTheirMatch() {
    ArmedFaults faults =
        new FaultPlan(1, Fault.parse("lost-write"), Fault.parse("misdirected-write:nth=2")).arm();
    assertThat(happens(faults)).isEqualTo(FaultKind.LOST_WRITE);
    assertThat(happens(faults)).isEqualTo(FaultKind.MISDIRECTED_WRITE);
    assertThat(faults.counters().total()).isEqualTo(2);
  }

  private static FaultKind happens(ArmedFaults faults) {
    return Objects.requireNonNull(faults.atCommand(Occasion.WRITE, 1, 0, 1)).kind();
  }

  @Test
  void chanceFollowsTheSeedAndTheProbability() {
    List<Integer> often = reads(new FaultPlan(7, Fault.parse("read-error:p=0.1")).arm(), 10_000);
    assertThat(often).hasSizeBetween(900, 1100);
    assertThat(reads(new FaultPlan(7, Fault.parse("read-error:p=0.1")).arm(), 10_000))
        .isEqualTo(often);
    assertThat(reads(new FaultPlan(8, Fault.parse("read-error:p=0.1")).arm(), 10_000))
        .isNotEqualTo(often);
  }

  @Test
  void theAffectedBlockIsInTheCommandAndInTheRange() {
    Fault fault = Fault.parse("read-error:lba=5-6");
    ArmedFaults faults = new FaultPlan(1, fault).arm();
    for (int i = 0; i < 50; i++) {
      assertThat(faults.affectedLba(fault, 0, 6)).isEqualTo(5);
      assertThat(faults.affectedLba(fault, 6, 6)).isEqualTo(6);
      assertThat(faults.affectedLba(fault, 0, 100)).isBetween(5L, 6L);
    }
  }

  @Test
  void aTimedFaultIsNoCommandsBusiness() {
    ArmedFaults faults = armed("bit-rot:at=1us");
    assertThat(faults.atCommand(Occasion.READ, 1, 0, 1)).isNull();
    assertThat(faults.timed()).hasSize(1);
  }

  private static ArmedFaults armed(String spec) {
    return new FaultPlan(1, Fault.parse(spec)).arm();
  }

  /** Which of {@code count} reads something goes wrong with. */
  private static List<Integer> reads(ArmedFaults faults, int count) {
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (faults.atCommand(Occasion.READ, 1, i, 1) != null) {
        wrong.add(i);
      }
    }
    return wrong;
  }
}
