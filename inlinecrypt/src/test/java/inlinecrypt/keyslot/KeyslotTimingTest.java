package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/**
 * When things happen if programming takes 20 µs and the device then works for 100 µs, on any number
 * of requests at a time. Worked by hand from the rules of Linux; the comments give the steps, in
 * µs.
 */
class KeyslotTimingTest {
  private static final long PROGRAM_US = 20;
  private static final long REQUEST_US = 100;

  private final EventLoop loop = new EventLoop();
  private long lastDoneUs;

  @Test
  void aHitOvertakesASleeper() {
    // A programs 0-20 and runs to 120. At 20 B finds no idle slot and A' hits, running to 120.
    // At 120 B programs, and runs 140-240.
    CryptoKey a = TestKeys.key(0);
    KeyslotManager manager = manager(1);
    submitAt(0, manager, a);
    submitAt(0, manager, TestKeys.key(1));
    submitAt(0, manager, a);
    loop.run();

    assertThat(lastDoneUs).isEqualTo(240);
    assertCounts(manager, 2, 1, 1);
  }

  @Test
  void aWaitIsMadeOfLockThenSlotThenOwnProgramming() {
    // A programs 0-20, runs to 120; B programs 20-40, runs to 140. C sleeps at 40, wakes at 120,
    // programs to 140 and runs to 240: it waited 40 + 80 + 20. A waited 20, B 40.
    KeyslotManager manager = manager(2);
    for (int i = 0; i < 3; i++) {
      submitAt(0, manager, TestKeys.key(i));
    }
    loop.run();

    assertThat(lastDoneUs).isEqualTo(240);
    assertCounts(manager, 3, 0, 1);
    assertThat(manager.counters().waitNsTotal()).isEqualTo((20 + 40 + 140) * 1000);
    assertThat(manager.counters().waitedAcquires()).isEqualTo(3);
  }

  @Test
  void oneIdleSlotWakesAllSleepersAndServesOne() {
    // A is done at 120. B and C wake: B programs 120-140 and runs to 240, C looks again at 140,
    // sleeps again, programs 240-260 and is done at 360.
    KeyslotManager manager = manager(1);
    for (int i = 0; i < 3; i++) {
      submitAt(0, manager, TestKeys.key(i));
    }
    loop.run();

    assertThat(lastDoneUs).isEqualTo(360);
    assertCounts(manager, 3, 0, 3);
    assertThat(manager.counters().wakes()).isEqualTo(3);
  }

  @Test
  void aHitWaitsUntilAllIsReprogrammed() {
    // Four keys are programmed again 0-80. A comes at 10, hits at 80 and is done at 180.
    CryptoKey[] keys = TestKeys.keys(4);
    KeyslotManager manager = manager(4);
    for (CryptoKey key : keys) {
      submitAt(0, manager, key);
    }
    loop.run();
    KeyslotCounters before = manager.counters();
    long resetUs = loop.nowUs;
    manager.reprogramAll(result -> assertThat(result).isEqualTo(Errno.OK));
    submitAt(resetUs + 10, manager, keys[0]);
    loop.run();

    assertThat(lastDoneUs - resetUs).isEqualTo(180);
    assertThat(manager.counters().programs() - before.programs()).isEqualTo(4);
    assertThat(manager.counters().hits()).isEqualTo(1);
    assertThat(manager.counters().sleeps()).isZero();
  }

  private static void assertCounts(KeyslotManager manager, long programs, long hits, long sleeps) {
    assertThat(manager.counters())
        .extracting(KeyslotCounters::programs, KeyslotCounters::hits, KeyslotCounters::sleeps)
        .containsExactly(programs, hits, sleeps);
  }

  private KeyslotManager manager(int slotCount) {
    KeyslotDevice device =
        new KeyslotDevice() {
          @Override
          public void program(int slot, CryptoKey key, KeyslotCompletion done) {
            loop.at(loop.nowUs + PROGRAM_US, () -> done.done(Errno.OK));
          }

          @Override
          public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
            throw new AssertionError("nobody evicts here");
          }
        };
    return new KeyslotManager(slotCount, device, () -> loop.nowUs * 1000);
  }

  private void submitAt(long timeUs, KeyslotManager manager, CryptoKey key) {
    Request request = new Request(manager);
    loop.at(
        timeUs,
        () -> {
          int slot = manager.acquire(request, key);
          if (slot != KeyslotManager.PENDING) {
            request.granted(slot);
          }
        });
  }

  private final class Request extends KeyslotAcquire {
    private final KeyslotManager manager;

    Request(KeyslotManager manager) {
      super(event -> loop.at(loop.nowUs, event));
      this.manager = manager;
    }

    @Override
    protected void granted(int slot) {
      loop.at(
          loop.nowUs + REQUEST_US,
          () -> {
            lastDoneUs = loop.nowUs;
            manager.release(slot);
          });
    }

    @Override
    protected void refused(Errno reason) {
      throw new AssertionError(reason);
    }
  }

  /** Events in order of time, then of being set. */
  private static final class EventLoop {
    private record Event(long timeUs, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
        new PriorityQueue<>(
            Comparator.comparingLong(Event::timeUs).thenComparingLong(Event::number));
    private long count;
    long nowUs;

    void at(long timeUs, Runnable action) {
      events.add(new Event(timeUs, count++, action));
    }

    void run() {
      for (Event event = events.poll(); event != null; event = events.poll()) {
        nowUs = event.timeUs;
        event.action.run();
      }
    }
  }
}
