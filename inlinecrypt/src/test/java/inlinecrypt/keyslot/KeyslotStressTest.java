package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads that share a device with fewer slots than keys; the device watches what is done to it.
 */
class KeyslotStressTest {
  private static final int ROUNDS = 20_000;

  private final CryptoKey[] keys = TestKeys.keys(5);

  @ParameterizedTest(name = "{0} slots")
  @ValueSource(ints = {1, 3})
  @Timeout(60)
  void callsNeverOverlapAndNoThreadEverUsesASlotWithAnotherKey(int slotCount)
      throws InterruptedException, ExecutionException {
    WatchfulDevice device = new WatchfulDevice(slotCount);
    KeyslotManager manager = new KeyslotManager(slotCount, device, () -> 0);
    int threadCount = 3;
    List<Future<Long>> threads = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threadCount)) {
      for (int seed = 0; seed < threadCount; seed++) {
        Borrower borrower = new Borrower(seed, device, manager);
        threads.add(pool.submit(borrower::work));
      }
    }
    long granted = 0;
    for (Future<Long> thread : threads) {
      granted += thread.get();
    }

    device.answerHeld();
    KeyslotCounters counters = manager.counters();
    assertThat(counters.hits() + counters.misses()).isEqualTo(granted);
    assertThat(counters.waitNs().getTotalCount()).isEqualTo(counters.waitedAcquires());
    assertThat(manager.slotsInUse().busy()).isZero();
    assertThat(IdleOrder.of(manager.table())).hasSize(slotCount);
    for (CryptoKey key : keys) {
      manager.evict(key, result -> assertThat(result).isEqualTo(Errno.OK));
      device.answerHeld();
      key.close();
    }
  }

  /** Borrows one slot at a time, so that waiting cannot go in circles. */
  private final class Borrower {
    private final WatchfulDevice device;
    private final KeyslotManager manager;
    private final SplittableRandom random;
    private final Queue<Runnable> posts = new ConcurrentLinkedQueue<>();
    private final TestWaiter waiter = new TestWaiter(posts::add);
    private long granted;

    Borrower(int seed, WatchfulDevice device, KeyslotManager manager) {
      this.device = device;
      this.manager = manager;
      random = new SplittableRandom(seed);
    }

    long work() {
      for (int round = 0; round < ROUNDS; round++) {
        int choice = random.nextInt(1000);
        CryptoKey key = keys[random.nextInt(keys.length)];
        if (choice < 20) {
          manager.evict(key, result -> assertThat(result).isIn(Errno.OK, Errno.EBUSY));
        } else if (choice < 22) {
          manager.reprogramAll(result -> assertThat(result).isEqualTo(Errno.OK));
        } else {
          borrow(choice < 600 ? keys[0] : key);
        }
      }
      return granted;
    }

    private void borrow(CryptoKey key) {
      waiter.slot = KeyslotManager.PENDING;
      waiter.refusal = null;
      int slot = manager.acquire(waiter, key);
      if (slot == KeyslotManager.PENDING) {
        slot = await();
      }
      if (slot == KeyslotManager.PENDING) {
        return; // refused
      }
      granted++;
      device.users.incrementAndGet(slot);
      assertThat(device.contents.get(slot)).isSameAs(key);
      Thread.onSpinWait();
      assertThat(device.contents.get(slot)).isSameAs(key);
      device.users.decrementAndGet(slot);
      manager.release(slot);
    }

    private int await() {
      while (waiter.slot == KeyslotManager.PENDING && waiter.refusal == null) {
        Runnable post = posts.poll();
        if (post != null) {
          post.run();
        } else if (Thread.interrupted()) {
          throw new IllegalStateException("not granted before the test timed out");
        } else {
          device.answerHeld();
          Thread.yield();
        }
      }
      return waiter.slot;
    }
  }

  /** Answers half of its calls at once, and the others when any thread asks for it. */
  private static final class WatchfulDevice implements KeyslotDevice {
    final AtomicReferenceArray<CryptoKey> contents;
    final AtomicIntegerArray users;
    private final AtomicBoolean called = new AtomicBoolean();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private int callCount; // one call at a time

    WatchfulDevice(int slotCount) {
      contents = new AtomicReferenceArray<>(slotCount);
      users = new AtomicIntegerArray(slotCount);
    }

    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      begin();
      if (contents.get(slot) != key) {
        assertThat(users.get(slot)).as("users of a slot that gets another key").isZero();
      }
      boolean fails = callCount % 17 == 0;
      if (!fails) {
        contents.set(slot, key);
      }
      end(done, fails ? Errno.EIO : Errno.OK);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      begin();
      assertThat(users.get(slot)).as("users of an evicted slot").isZero();
      assertThat(contents.get(slot)).isSameAs(key);
      contents.set(slot, null);
      end(done, Errno.OK);
    }

    void answerHeld() {
      Runnable answer = held.poll();
      if (answer != null) {
        answer.run();
      }
    }

    private void begin() {
      assertThat(called.compareAndSet(false, true)).as("calls do not overlap").isTrue();
      callCount++;
    }

    private void end(KeyslotCompletion done, Errno result) {
      Runnable answer =
          () -> {
            called.set(false);
            done.done(result);
          };
      if (callCount % 2 == 0) {
        answer.run();
      } else {
        held.add(answer);
      }
    }
  }
}
