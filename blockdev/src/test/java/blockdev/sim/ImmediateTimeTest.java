package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ImmediateTimeTest {
  private final SimTime time = SimTime.immediate();
  private final EventQueue events = time.newEventQueue();
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void end() {
    time.close();
  }

  @Test
  void latenciesAreIgnored() {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, 1L << 60);
    events.await(over);
    assertThat(time.nowNs()).isZero();
    assertThat(time.newStation(1).reserve(0, 5, 7)).isZero();
  }

  @Test
  void pollingRunsWhatIsPendingAndWhatThatSchedules() {
    events.schedule(
        () -> {
          log.add("a");
          events.schedule(() -> log.add("c"), 0);
        },
        9);
    events.schedule(() -> log.add("b"), 1);
    assertThat(log).isEmpty();
    events.poll();
    assertThat(log).containsExactly("a", "b", "c");
  }

  @Test
  void anEventNeverRunsInsideAnother() {
    events.schedule(
        () -> {
          log.add("begin");
          events.schedule(() -> log.add("inner"), 0);
          events.poll();
          log.add("end");
        },
        0);
    events.poll();
    assertThat(log).containsExactly("begin", "end", "inner");
  }

  @Test
  void anEventMustNotWait() {
    events.schedule(() -> events.await(new WaitPoint()), 0);
    assertThatIllegalStateException()
        .isThrownBy(events::poll)
        .withMessage("an event must not wait");
    events.schedule(() -> log.add("after"), 0);
    events.poll();
    assertThat(log).containsExactly("after");
  }

  @Test
  void mailFromAnotherThreadRunsOnTheThreadOfTheQueue() {
    WaitPoint arrived = new WaitPoint();
    events.poll(); // this thread's queue from now on
    SimThread sender =
        time.start(
            "sender",
            () ->
                events.execute(() -> {
                  log.add(Thread.currentThread().getName());
                  arrived.signal();
                }));
    events.await(arrived);
    sender.join();
    assertThat(log).containsExactly(Thread.currentThread().getName());
  }

  @Test
  void mailOfOneSenderArrivesInOrderAndNoneIsLost() {
    int count = 100_000;
    int[] next = {0};
    WaitPoint all = new WaitPoint();
    events.poll();
    SimThread sender =
        time.start(
            "sender",
            () -> {
              for (int i = 0; i < count; i++) {
                int number = i;
                events.execute(() -> {
                  assertThat(number == next[0]++).isTrue();
                  if (number == count - 1) {
                    all.signal();
                  }
                });
              }
            });
    events.await(all);
    sender.join();
    assertThat(next[0]).isEqualTo(count);
  }

  @Test
  void aFailureSurfacesInJoin() {
    SimThread failing =
        time.start(
            "failing",
            () -> {
              throw new UnsupportedOperationException("on purpose");
            });
    assertThatIllegalStateException()
        .isThrownBy(failing::join)
        .withMessageContaining("thread failing failed")
        .withCauseInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void closingEndsAThreadThatWaitsForMailAndJoinsIt() throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    EventQueue own = time.newEventQueue();
    time.start(
        "waiter",
        () -> {
          waits.countDown();
          try {
            own.await(new WaitPoint());
          } catch (SimulationEnded end) {
            log.add("ended");
            throw end;
          }
        });
    waits.await();
    time.close();
    assertThat(log).containsExactly("ended");
  }

  @Test
  void afterClosingNothingRuns() {
    events.schedule(() -> log.add("late"), 0);
    time.close();
    assertThatExceptionOfType(SimulationEnded.class).isThrownBy(events::poll);
    assertThatExceptionOfType(SimulationEnded.class).isThrownBy(events::checkRunning);
    assertThatExceptionOfType(SimulationEnded.class)
        .isThrownBy(() -> events.await(new WaitPoint()));
    assertThat(log).isEmpty();
  }
}
