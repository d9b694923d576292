package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimMutexTest {
  private final SimMutex mutex = new SimMutex();
  private final List<String> log = new ArrayList<>();

  @Test
  void aFreeLockIsTakenWithoutWaiting() {
    try (SimTime time = SimTime.virtual()) {
      EventQueue queue = time.newEventQueue();
      mutex.lock(queue);
      mutex.unlock();
      mutex.lock(queue);
      mutex.unlock();
      assertThat(time.nowNs()).isZero();
    }
  }

  @Test
  void itIsHeldAcrossAWaitAndHandedOnInTheOrderOfAsking() {
    try (SimTime time = SimTime.virtual()) {
      EventQueue queue = time.newEventQueue();
      List<SimThread> threads = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        threads.add(time.start(name, () -> hold(queue, name)));
      }
      threads.forEach(SimThread::join);

      assertThat(log).containsExactly("a at 0", "a done", "b at 10", "b done", "c at 20", "c done");
    }
  }

  @Test
  void whoComesLaterDoesNotOvertakeWhoWaits() {
    try (SimTime time = SimTime.virtual()) {
      EventQueue queue = time.newEventQueue();
      SimThread first =
          time.start(
              "first",
              () -> {
                hold(queue, "first");
                hold(queue, "again");
              });
      SimThread second = time.start("second", () -> hold(queue, "second"));
      first.join();
      second.join();

      assertThat(log)
          .containsExactly(
              "first at 0",
              "first done",
              "second at 10",
              "second done",
              "again at 20",
              "again done");
    }
  }

  @Test
  void aLockThatIsNeverGivenBackIsReported() {
    try (SimTime time = SimTime.virtual()) {
      EventQueue queue = time.newEventQueue();
      mutex.lock(queue);
      assertThatThrownBy(() -> mutex.lock(queue))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("main");
    }
  }

  private void hold(EventQueue queue, String name) {
    mutex.lock(queue);
    try {
      log.add(name + " at " + queue.nowNs());
      WaitPoint later = new WaitPoint();
      queue.schedule(later::signal, 10);
      queue.await(later);
      log.add(name + " done");
    } finally {
      mutex.unlock();
    }
  }
}
