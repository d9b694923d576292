package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A device that is suspended while nobody needs it; see {@code blk_crypto_hw_enter}. */
class RuntimePowerTest {
  private final CryptoKey[] keys = TestKeys.keys(3);
  private final List<String> log = new ArrayList<>();
  private final PostQueue posts = new PostQueue();
  private final SuspendedDevice device = new SuspendedDevice();
  private final KeyslotManager manager = new KeyslotManager(2, device, () -> 0, new Lru(), device);

  @Test
  void aMissResumesTheDeviceBeforeItProgramsAndReleasesItAfter() {
    manager.acquire(new TestWaiter(posts), keys[0]);
    assertThat(log).containsExactly("resume");

    device.finishResume();
    posts.runAll();
    assertThat(log).containsExactly("resume", "program 0", "release");
    assertThat(manager.counters().resumes()).isEqualTo(1);
  }

  @Test
  void aHitDoesNotResumeTheDevice() {
    program(0);
    log.clear();

    assertThat(manager.acquire(new TestWaiter(posts), keys[0])).isEqualTo(0);
    manager.release(0);
    assertThat(log).isEmpty();
  }

  @Test
  void hitsGoOnWhileTheDeviceIsResumed() {
    program(0);
    manager.acquire(new TestWaiter(posts), keys[1]);

    assertThat(manager.acquire(new TestWaiter(posts), keys[0])).isEqualTo(0);
  }

  @Test
  void resumingMayReprogramAllSlots() {
    program(0);
    log.clear();
    device.reprogramsOnResume = true;
    TestWaiter waiter = new TestWaiter(posts);
    manager.acquire(waiter, keys[1]);
    device.finishResume();
    posts.runAll();

    assertThat(waiter.slot).isEqualTo(1);
    assertThat(log).containsExactly("resume", "program 0", "program 1", "release");
  }

  @Test
  void reprogrammingDoesNotResumeTheDevice() {
    program(0);
    log.clear();
    manager.reprogramAll(result -> log.add("done " + result));

    assertThat(log).containsExactly("program 0", "done OK");
  }

  @Test
  void anEvictResumesTheDeviceEvenIfItNeedNotBeAsked() {
    program(0);
    log.clear();
    manager.evict(keys[0], result -> log.add("done " + result));
    device.finishResume();
    manager.evict(keys[1], result -> log.add("done " + result));
    device.finishResume();

    assertThat(log)
        .containsExactly("resume", "evict 0", "release", "done OK", "resume", "release", "done OK");
  }

  @Test
  void aWrappedKeyOperationResumesTheDevice() {
    CryptoProfile profile = CryptoProfile.all();
    new WrappedKeys(profile, manager)
        .perform(
            WrappedKeyOperation.GENERATE,
            new byte[0],
            (result, output) -> log.add("done " + result));
    assertThat(log).containsExactly("resume");
    device.finishResume();

    assertThat(log).containsExactly("resume", "GENERATE", "release", "done OK");
  }

  @Test
  void aSleeperHoldsNoPowerAndTakesItAgain() {
    program(0);
    program(1);
    manager.acquire(new TestWaiter(posts), keys[0]);
    manager.acquire(new TestWaiter(posts), keys[1]);
    log.clear();
    TestWaiter waiter = new TestWaiter(posts);
    manager.acquire(waiter, keys[2]);
    device.finishResume();
    assertThat(log).containsExactly("resume", "release");

    manager.release(0);
    posts.runAll();
    device.finishResume();
    posts.runAll();
    assertThat(waiter.slot).isEqualTo(0);
    assertThat(log).containsExactly("resume", "release", "resume", "program 0", "release");
  }

  @Test
  void whoOnlyCameToLookResumesTheDeviceOnceItHasMissed() {
    device.holdsAnswers = true;
    TestWaiter first = new TestWaiter(posts);
    manager.acquire(first, keys[0]);
    device.finishResume(); // The section is taken.
    TestWaiter second = new TestWaiter(posts);
    manager.acquire(second, keys[1]);
    assertThat(log).containsExactly("resume", "program 0");

    device.holdsAnswers = false;
    device.answer();
    assertThat(log).containsExactly("resume", "program 0", "release", "resume");
    device.finishResume();
    posts.runAll();
    assertThat(List.of(first.slot, second.slot)).containsExactly(0, 1);
    assertThat(log).endsWith("program 1", "release");
  }

  @Test
  void theResumedAreServedInAnyOrderThatThePowerAnswers() {
    manager.acquire(new TestWaiter(posts), keys[0]);
    manager.acquire(new TestWaiter(posts), keys[1]);
    device.finishResume();
    device.finishResume();

    assertThat(log)
        .containsExactly("resume", "resume", "program 0", "release", "program 1", "release");
  }

  @Test
  void aDeviceThatIsResumedTwiceIsFoundOut() {
    manager.acquire(new TestWaiter(posts), keys[0]);
    Runnable resumed = device.resuming.getFirst();
    device.finishResume();

    assertThatIllegalStateException().isThrownBy(resumed::run);
  }

  private void program(int key) {
    TestWaiter waiter = new TestWaiter(posts);
    manager.acquire(waiter, keys[key]);
    device.finishResume();
    posts.runAll();
    manager.release(waiter.slot);
  }

  /** Takes as long to resume as the test says, and refuses to work while suspended. */
  private final class SuspendedDevice implements KeyslotDevice, WrappedKeyDevice, RuntimePower {
    final ArrayDeque<Runnable> resuming = new ArrayDeque<>();
    boolean reprogramsOnResume;
    boolean holdsAnswers;
    private int users;
    private final ArrayDeque<KeyslotCompletion> held = new ArrayDeque<>();

    @Override
    public void resume(Runnable resumed) {
      log.add("resume");
      resuming.add(resumed);
    }

    void finishResume() {
      Runnable resumed = resuming.remove();
      users++;
      if (reprogramsOnResume) {
        manager.reprogramAll(result -> resumed.run());
      } else {
        resumed.run();
      }
    }

    @Override
    public void release() {
      assertThat(users--).isPositive();
      log.add("release");
    }

    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      call("program " + slot, done);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      assertThat(users).as("I9: a suspended device is not called").isPositive();
      call("evict " + slot, done);
    }

    @Override
    public WrappedKeyDevice wrappedKeys() {
      return this;
    }

    @Override
    public boolean has(WrappedKeyOperation operation) {
      return true;
    }

    @Override
    public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
      call(operation.toString(), result -> done.done(result, new byte[0]));
    }

    void answer() {
      held.remove().done(Errno.OK);
    }

    private void call(String what, KeyslotCompletion done) {
      log.add(what);
      held.add(done);
      if (!holdsAnswers) {
        answer();
      }
    }
  }
}
