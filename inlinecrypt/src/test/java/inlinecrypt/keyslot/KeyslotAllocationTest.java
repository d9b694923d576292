package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class KeyslotAllocationTest {
  private static final int ROUNDS = 100_000;
  private static final int SLACK_BYTES = 1000; // for the measurement itself

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final PostQueue posts = new PostQueue();
  private final TestWaiter waiter = new TestWaiter(posts);
  private final CryptoKey[] keys = TestKeys.keys(2);
  private final KeyslotManager manager = new KeyslotManager(1, new InstantDevice(), () -> 0);

  @Test
  void aHitOnAnIdleSlotAllocatesNothing() {
    miss(keys[0]);
    assertAllocatesNothing(() -> manager.release(manager.acquire(waiter, keys[0])));
  }

  @Test
  void aHitOnABusySlotAllocatesNothing() {
    miss(keys[0]);
    manager.acquire(waiter, keys[0]);
    assertAllocatesNothing(() -> manager.release(manager.acquire(waiter, keys[0])));
  }

  @Test
  void aMissAllocatesNothing() {
    assertAllocatesNothing(() -> {
      miss(keys[0]);
      miss(keys[1]);
    });
  }

  @Test
  void aSleepAllocatesNothing() {
    TestWaiter sleeper = new TestWaiter(posts);
    assertAllocatesNothing(() -> {
      miss(keys[0]);
      manager.acquire(waiter, keys[0]);
      manager.acquire(sleeper, keys[1]);
      manager.release(0);
      posts.runAll();
      manager.release(sleeper.slot);
    });
    assertThat(manager.counters().sleeps()).isEqualTo(2 * ROUNDS);
  }

  private void miss(CryptoKey key) {
    manager.acquire(waiter, key);
    posts.runAll();
    manager.release(waiter.slot);
  }

  private void assertAllocatesNothing(Runnable round) {
    repeat(round);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(round);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes in %d rounds", ROUNDS).isLessThan(SLACK_BYTES);
  }

  private static void repeat(Runnable round) {
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
  }

  private static final class InstantDevice implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }
  }
}
