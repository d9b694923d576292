package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteHistoryTest {
  private final WriteHistory history = new WriteHistory(2);

  @Test
  void whatWasNotFlushedMayBeAnyOfItsContents() {
    write(0, 1);
    write(0, 2);
    history.submitted(0, 3);
    assertThat(history.allowed(0)).containsExactly(3, 2, 1, WriteHistory.NEVER);
    assertThat(history.isWritten(1)).isFalse();
  }

  @Test
  void aFlushCoversWhatHadCompletedWhenItWasSubmitted() {
    write(0, 1);
    history.submitted(1, 2);
    long point = history.flushPoint();
    history.completed(1);
    write(0, 3);
    assertThat(history.allowed(0)).as("not yet").containsExactly(3, 1, WriteHistory.NEVER);
    history.flushed(point);
    assertThat(history.allowed(0)).containsExactly(3, 1);
    assertThat(history.allowed(1)).containsExactly(2, WriteHistory.NEVER);
    history.flushed(history.flushPoint());
    assertThat(history.allowed(0)).containsExactly(3);
    assertThat(history.allowed(1)).containsExactly(2);
  }

  @Test
  void aFlushThatEndsLateTakesNothingBack() {
    long early = history.flushPoint();
    write(0, 1);
    history.flushed(history.flushPoint());
    history.flushed(early);
    assertThat(history.allowed(0)).containsExactly(1);
  }

  @Test
  void aWriteThatFailedMayHaveHappened() {
    write(0, 1);
    history.submitted(0, 2);
    history.flushed(history.flushPoint());
    assertThat(history.allowed(0)).containsExactly(2, 1);
  }

  @Test
  void thereIsRoomForMoreAndMore() {
    for (int number = 1; number <= 5000; number++) {
      write(number % 2, number);
    }
    assertThat(history.allowed(0)).hasSize(2501).startsWith(5000, 4998).endsWith(2, 0);
  }

  private void write(int unit, int number) {
    history.submitted(unit, number);
    history.completed(unit);
  }
}
