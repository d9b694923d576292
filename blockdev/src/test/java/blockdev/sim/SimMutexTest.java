package blockdev.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SimMutexTest {
  private final SimTime time = SimTime.virtual();
  private final EventQueue events = time.newEventQueue();
  private final SimMutex mutex = new SimMutex();
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void end() {
    time.close();
  }

  @Test
  void aHolderMayWaitAndTheOthersGetTheLockInTheOrderOfAsking() {
    List<SimThread> threads = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      threads.add(
          time.start(
              name,
              () -> {
                mutex.lock(events);
                sleep(10);
                log.add(name + "@" + time.nowNs());
                mutex.unlock();
              }));
    }
    threads.forEach(SimThread::join);
    assertThat(log).containsExactly("a@10", "b@20", "c@30");
  }

  @Test
  void theLockIsHandedOnAndNotLeftToWhoComesFirst() {
    mutex.lock(events);
    SimThread waiter =
        time.start(
            "waiter",
            () -> {
              mutex.lock(events);
              log.add("waiter");
              mutex.unlock();
            });
    sleep(1);
    mutex.unlock();
    mutex.lock(events); // asks after the waiter
    log.add("main");
    mutex.unlock();
    waiter.join();
    assertThat(log).containsExactly("waiter", "main");
  }

  @Test
  void aLockThatIsNeverGivenBackEndsTheRunWithTheNamesOfThoseWhoWait() {
    time.start("keeps", () -> mutex.lock(events)).join();
    assertThatIllegalStateException()
        .isThrownBy(() -> mutex.lock(events))
        .withMessageContaining("nothing is left to happen while these wait: main");
  }

  @Test
  void aThreadWhoseWaitFailedIsNotHandedTheLock() {
    mutex.lock(events);
    assertThatIllegalStateException().isThrownBy(() -> mutex.lock(events));
    mutex.unlock();
    mutex.lock(events);
    mutex.unlock();
  }

  private void sleep(long durationNs) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, durationNs);
    events.await(over);
  }
}
