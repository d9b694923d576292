package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code workload} with {@code --fault} and {@code --power-cut}. */
class WorkloadFaultsTest {
  private final WorkloadUnderTest workload = new WorkloadUnderTest();

  private JsonObject simulation(String... more) {
    return workload.json(more).getAsJsonObject("simulation");
  }

  @Test
  void aReadThatFailsEndsTheJobAndIsCounted() {
    assertThat(workload.executeSmall("--fault", "read-error:nth=100")).isEqualTo(1);
    assertThat(workload.err()).contains("MEDIUM");
    assertThat(workload.out()).contains("faults: read-error 1");
  }

  @Test
  void aWriteThatIsLostIsFoundByReadingBack() {
    assertThat(workload.executeSmall("--verify", "--fault", "lost-write:nth=100")).isEqualTo(1);
    assertThat(workload.err()).contains("verify: 4096 bytes at offset").hasLineCount(1);
    assertThat(workload.out()).contains("faults: lost-write 1");
  }

  @Test
  void faultsThatDoNotHappenChangeNothing() {
    JsonObject without = simulation();
    JsonObject with =
        simulation("--fault", "read-error:nth=100000", "--fault=write-error:nth=100000");
    assertThat(with.get("eventLogHash")).isEqualTo(without.get("eventLogHash"));
    assertThat(with.getAsJsonObject("faults").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hang:nth=x   | fault 'hang:nth=x': nth must be a number, is 'x'",
        "lost-write   | a --fault that shows in nothing but data needs --verify or --payload real",
      })
  void aFaultThatCannotBeIsAUsageError(String fault, String message) {
    assertThat(workload.executeSmall("--fault", fault)).isEqualTo(2);
    assertThat(workload.err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hang:nth=50 | 1 | 0 | 30",
        "hang:nth=50,times=2 | 2 | 0 | 30",
        "stuck-queue:nth=50 | 4 | 1 | 60",
      })
  void aFaultThatTheHostRecoversFromIsReportedAndTheRunGoesOn(
      String fault, long aborts, long resets, double seconds) {
    JsonObject top = workload.json("--fault", fault, "--verify");
    JsonObject simulation = top.getAsJsonObject("simulation");
    assertThat(simulation.getAsJsonObject("faults").keySet())
        .containsExactly(fault.substring(0, fault.indexOf(':')));
    JsonObject recovery = simulation.getAsJsonObject("recovery");
    assertThat(recovery.get("aborts").getAsLong()).isEqualTo(aborts);
    assertThat(recovery.get("resets").getAsLong()).isEqualTo(resets);
    assertThat(recovery.get("requeues").getAsLong()).isPositive();
    assertThat(simulation.get("ios").getAsLong()).isEqualTo(1000);
    assertThat(simulation.get("virtualSeconds").getAsDouble()).isBetween(seconds, seconds + 5);
    assertThat(top.getAsJsonObject("verify").get("mismatches").getAsLong()).isZero();
    assertThat(workload.executeSmall("--fault", fault)).isZero();
    assertThat(workload.out())
        .contains("faults: " + fault.substring(0, fault.indexOf(':')))
        .contains("recovery: aborts=" + aborts + ", controller resets=" + resets);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hang:nth=50,times=all | ended with TIMEOUT",
        "read-error:nth=50 | ended with MEDIUM",
        "write-error:nth=50 | ended with MEDIUM",
        "program-error | ended with IOERR",
        "lost-write:nth=5 | are not what write",
        "wrong-key:times=all,p=0.5 | are not what write",
      })
  void aFaultThatReachesTheJobEndsTheRunWithExitCode1(String fault, String message) {
    assertThat(workload.executeSmall("--fault", fault, "--verify")).isEqualTo(1);
    assertThat(workload.out()).contains("faults: ");
    assertThat(workload.err()).contains(message);
  }

  @Test
  void aPowerCutIsReportedInLinesAndInJson() {
    JsonObject cut =
        workload
            .json("--power-cut", "after=700,seed=3", "--fsync", "50")
            .getAsJsonObject("powerCut");
    assertThat(cut.get("afterIos").getAsLong()).isEqualTo(700);
    assertThat(cut.get("unitBytes").getAsLong()).isEqualTo(4096);
    assertThat(cut.get("unflushedUnits").getAsLong()).isPositive();
    assertThat(cut.get("olderUnits").getAsLong())
        .isBetween(1L, cut.get("unflushedUnits").getAsLong() - 1);
    assertThat(cut.get("wrongUnits").getAsLong()).isZero();
    assertThat(workload.executeSmall("--power-cut", "after=700,seed=3", "--fsync", "50")).isZero();
    assertThat(workload.out())
        .contains("power cut: after 700 I/Os, at ")
        .contains("  flushes      : total=");
  }

  @Test
  void whatMustHaveSurvivedAPowerCutAndHasNotIsExitCode1AndNamed() {
    assertThat(
            workload.executeSmall(
                "--power-cut", "after=1000", "--fsync", "1", "--fault", "lost-write:nth=9"))
        .isEqualTo(1);
    assertThat(workload.out()).contains("power cut: ").contains("faults: lost-write 1");
    assertThat(workload.err()).containsPattern("4096 bytes at offset [0-9]+ ");
  }
}
