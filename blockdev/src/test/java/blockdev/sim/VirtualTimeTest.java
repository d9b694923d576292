package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class VirtualTimeTest {
  private final SimTime time = SimTime.virtual();
  private final EventQueue events = time.newEventQueue();
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void end() {
    time.close();
  }

  @Test
  void timeJumpsFromEventToEvent() {
    sleep(90_000);
    assertThat(time.nowNs()).isEqualTo(90_000);
    sleep(1);
    assertThat(time.nowNs()).isEqualTo(90_001);
  }

  @Test
  void nothingRunsUntilSomebodyWaits() {
    events.schedule(() -> log.add("event"), 0);
    events.poll();
    assertThat(log).isEmpty();
    sleep(0);
    assertThat(log).containsExactly("event");
  }

  @Test
  void aSignalThatComesBeforeTheWaitIsKept() {
    WaitPoint early = new WaitPoint();
    early.signal();
    events.await(early);
    assertThat(time.nowNs()).isZero();
    early.reset();
    assertThat(early.isSignalled()).isFalse();
  }

  @Test
  void threadsStartWhenTheirStarterWaitsAndInTheOrderOfStarting() {
    SimThread a = time.start("a", () -> log.add("a"));
    SimThread b = time.start("b", () -> log.add("b"));
    assertThat(log).isEmpty();
    b.join();
    assertThat(log).containsExactly("a", "b");
    a.join();
  }

  @Test
  void resumptionFollowsTheOrderOfEvents() {
    List<SimThread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "t" + i;
      long stepNs = 10 + 5 * i;
      threads.add(time.start(name, () -> walk(name, stepNs, 3)));
    }
    threads.forEach(SimThread::join);
    // t0 wakes at 10, 20, 30; t1 at 15, 30, 45; t2 at 20, 40, 60. At 20 t2's wake-up was scheduled
    // first (at 0, t0's at 10), at 30 t1's (at 15, t0's at 20).
    assertThat(log)
        .containsExactly(
            "t0@10", "t1@15", "t2@20", "t0@20", "t1@30", "t0@30", "t2@40", "t1@45", "t2@60");
  }

  @Test
  void pausesOfTheHostDoNotChangeTheOrder() {
    List<String> plain = interleave(0);
    assertThat(interleave(1)).isEqualTo(plain);
    assertThat(interleave(2)).isEqualTo(plain);
  }

  /** What eight threads that start and wake each other log; {@code pauses} disturb them. */
  private static List<String> interleave(int pauses) {
    List<String> log = new ArrayList<>();
    try (SimTime time = SimTime.virtual()) {
      EventQueue events = time.newEventQueue();
      List<SimThread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int id = i;
        threads.add(
            time.start(
                "t" + id,
                () -> {
                  for (int step = 0; step < 200; step++) {
                    for (int p = 0; p < pauses * id % 3; p++) {
                      Thread.yield();
                    }
                    if (pauses > 1 && step % 50 == id) {
                      LockSupport.parkNanos(200_000);
                    }
                    WaitPoint done = new WaitPoint();
                    events.schedule(done::signal, (step * 7L + id * 13L) % 5);
                    events.await(done);
                    log.add(id + "@" + time.nowNs());
                  }
                }));
      }
      threads.forEach(SimThread::join);
    }
    return log;
  }

  @Test
  void exactlyOneThreadRunsAtATime() {
    int[] running = {0};
    List<SimThread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          time.start(
              "t" + i,
              () -> {
                for (int step = 0; step < 500; step++) {
                  assertThat(++running[0]).isEqualTo(1);
                  Thread.yield();
                  running[0]--;
                  sleep(step % 3);
                }
              }));
    }
    threads.forEach(SimThread::join);
  }

  @Test
  void aThreadCanWakeAnother() {
    WaitPoint bell = new WaitPoint();
    SimThread waiter =
        time.start(
            "waiter",
            () -> {
              events.await(bell);
              log.add("woken@" + time.nowNs());
            });
    SimThread ringer =
        time.start(
            "ringer",
            () -> {
              sleep(7);
              log.add("rings");
              bell.signal();
              log.add("goes on");
            });
    waiter.join();
    ringer.join();
    assertThat(log).containsExactly("rings", "goes on", "woken@7");
  }

  @Test
  void aThreadThatNothingCanWakeIsNamed() {
    WaitPoint never = new WaitPoint();
    assertThatIllegalStateException()
        .isThrownBy(() -> events.await(never))
        .withMessageContaining("at 0 ns nothing is left to happen")
        .withMessageContaining("main");
  }

  @Test
  void aDeadlockNamesAllWhoWaitAndWhereEvenIfMainIsNotTheLast() {
    time.start("stuck", () -> neverComes(new WaitPoint()));
    time.start(
        "last",
        () -> {
          sleep(5);
          neverComes(new WaitPoint());
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> neverComes(new WaitPoint()))
        .withMessageStartingWith("at 5 ns nothing is left to happen while these wait: main, stuck")
        .withMessageContaining("last at [")
        .satisfies(thrown -> assertThat(thrown.getMessage().split("neverComes")).hasSize(3));
  }

  @Test
  void aDeadlockIsToldToMainIfTheLastThreadThatRanHasEnded() {
    WaitPoint never = new WaitPoint();
    time.start("ends", () -> sleep(3));
    assertThatIllegalStateException()
        .isThrownBy(() -> neverComes(never))
        .withMessageContaining("at 3 ns")
        .withMessageContaining("main");
  }

  @Test
  void aFailureSurfacesInJoin() {
    SimThread failing =
        time.start(
            "failing",
            () -> {
              sleep(1);
              throw new UnsupportedOperationException("on purpose");
            });
    assertThatIllegalStateException()
        .isThrownBy(failing::join)
        .withMessageContaining("thread failing failed")
        .withCauseInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anEventThatFailsFailsTheThreadThatRanIt() {
    events.schedule(
        () -> {
          throw new UnsupportedOperationException("on purpose");
        },
        5);
    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> sleep(10));
    sleep(20);
    assertThat(time.nowNs()).as("the thread can wait again").isEqualTo(25);
  }

  @Test
  void anEventThatFailsAfterTheLastThreadEndedIsToldToMain() {
    time.start(
        "ends",
        () ->
            events.schedule(
                () -> {
                  throw new UnsupportedOperationException("on purpose");
                },
                5));
    assertThatIllegalStateException()
        .isThrownBy(() -> events.await(new WaitPoint()))
        .withCauseInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anEventMustNotWait() {
    events.schedule(() -> events.await(new WaitPoint()), 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> sleep(2))
        .withMessage("an event must not wait");
  }

  @Test
  void twoThreadsCannotWaitAtOnePlace() {
    WaitPoint place = new WaitPoint();
    SimThread first = time.start("first", () -> events.await(place));
    SimThread second = time.start("second", () -> events.await(place));
    assertThatIllegalStateException()
        .isThrownBy(second::join)
        .havingCause()
        .withMessage("first waits there already");
    place.signal();
    first.join();
  }

  @Test
  void closingEndsThreadsThatWaitAndJoinsThem() {
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "t" + i;
      time.start(
          name,
          () -> {
            try {
              events.await(new WaitPoint());
            } catch (SimulationEnded end) {
              ends.add(name);
              throw end;
            }
          });
    }
    sleep(1);
    time.close();
    assertThat(ends).containsExactly("t0", "t1", "t2");
  }

  @Test
  void aThreadThatNeverRanIsNotStartedByClosing() {
    time.start("late", () -> log.add("late"));
    time.close();
    assertThat(log).isEmpty();
  }

  @Test
  void afterClosingNothingCanWaitOrStart() {
    time.close();
    time.close();
    assertThatExceptionOfType(SimulationEnded.class)
        .isThrownBy(() -> events.await(new WaitPoint()));
    assertThatExceptionOfType(SimulationEnded.class).isThrownBy(events::checkRunning);
    assertThatExceptionOfType(SimulationEnded.class).isThrownBy(() -> time.start("late", () -> {}));
  }

  @Test
  void endingTellsMainFirstAndTheOthersWhenMainCloses() {
    time.start("waits", () -> logsItsEnd("waits", new WaitPoint()));
    time.start(
        "runs the event that ends all",
        () -> {
          events.schedule(time::end, 5);
          logsItsEnd("runs", new WaitPoint());
        });
    logsItsEnd("main", new WaitPoint());
    assertThat(log).containsExactly("main");
    assertThat(time.nowNs()).isEqualTo(5);
    time.close();
    assertThat(log).containsExactly("main", "waits", "runs");
  }

  @Test
  void nothingHappensAfterTheEventThatEnds() {
    events.schedule(
        () -> {
          time.end();
          events.schedule(() -> log.add("later"), 0);
        },
        5);
    events.schedule(() -> log.add("same instant"), 5);
    logsItsEnd("main", new WaitPoint());
    assertThat(log).containsExactly("main");
  }

  @Test
  void aThreadThatEndsTheSimulationGoesOnUntilItWaits() {
    time.start(
        "ends it",
        () -> {
          sleep(3);
          time.end();
          log.add("goes on");
          logsItsEnd("ends it", new WaitPoint());
        });
    logsItsEnd("main", new WaitPoint());
    assertThat(log).containsExactly("goes on", "ends it", "main");
  }

  @Test
  void aThreadThatEndsTheSimulationAndItselfGivesTheBatonToMain() {
    time.start("ends it", time::end);
    logsItsEnd("main", new WaitPoint());
    assertThat(log).containsExactly("main");
  }

  @Test
  void aWaitThatIsOverAtTheEndIsInterruptedAllTheSame() {
    WaitPoint over = new WaitPoint();
    events.schedule(
        () -> {
          over.signal();
          time.end();
        },
        5);
    logsItsEnd("main", over);
    assertThat(log).containsExactly("main");
  }

  private void logsItsEnd(String name, WaitPoint never) {
    try {
      events.await(never);
    } catch (SimulationEnded end) {
      log.add(name);
    }
  }

  @Test
  void anActionRunsBetweenAnyTwoEvents() {
    for (int count = 0; count <= 3; count++) {
      log.clear();
      time.afterEvents(count, () -> log.add("action"));
      for (int i = 0; i < 3; i++) {
        String name = "e" + i;
        events.schedule(() -> log.add(name), i);
      }
      sleep(5);
      assertThat(log).hasSize(4);
      assertThat(log.indexOf("action")).isEqualTo(count);
    }
  }

  @Test
  void aStationServesEachUnitsWorkInTurn() {
    Station station = time.newStation(2);
    assertThat(station.reserve(0, 0, 100)).isEqualTo(100);
    assertThat(station.reserve(0, 0, 100)).isEqualTo(200);
    assertThat(station.reserve(1, 0, 100)).isEqualTo(100);
    assertThat(station.reserve(1, 150, 100)).as("not before 150").isEqualTo(250);
    sleep(250);
    assertThat(station.reserve(0, 0, 10)).as("idle since 200").isEqualTo(10);
  }

  private void walk(String name, long stepNs, int steps) {
    for (int i = 0; i < steps; i++) {
      sleep(stepNs);
      log.add(name + "@" + time.nowNs());
    }
  }

  private void sleep(long durationNs) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, durationNs);
    events.await(over);
  }

  private void neverComes(WaitPoint never) {
    events.await(never);
  }
}
