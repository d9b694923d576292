package inlinecrypt.keyslot;

import static inlinecrypt.keyslot.KeyslotManager.NO_SLOT;
import static inlinecrypt.keyslot.KeyslotManager.PENDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Origin of the facts: {@code block/blk-crypto-profile.c}, read as a specification. */
class KeyslotManagerTest {
  private final CryptoKey[] keys = TestKeys.keys(5);
  private final ScriptedDevice device = new ScriptedDevice(keys);
  private final PostQueue posts = new PostQueue();
  private final List<Errno> results = new ArrayList<>();

  @Test
  void theFirstKeysOfAFreshDeviceTakeItsSlotsInOrder() {
    KeyslotManager manager = manager(3);

    assertThat(List.of(take(manager, 0), take(manager, 1), take(manager, 2)))
        .containsExactly(0, 1, 2);
  }

  @Test
  void theyDoSoEvenIfEarlierOnesWereReleased() {
    KeyslotManager manager = manager(3);

    assertThat(List.of(use(manager, 0), use(manager, 1), use(manager, 2))).containsExactly(0, 1, 2);
  }

  @Test
  void aKeyAlreadyInASlotIsNotProgrammedAgain() {
    KeyslotManager manager = manager(2);
    take(manager, 0);

    assertThat(take(manager, 0)).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0");
    assertThat(manager.table().borrowers(0)).isEqualTo(2);
  }

  @Test
  void aSlotKeepsItsKeyWhileIdle() {
    KeyslotManager manager = manager(2);
    use(manager, 0);

    assertThat(manager.acquire(waiter(), keys[0])).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0");
  }

  @Test
  void theSlotIdleLongestIsReprogrammedFirstWithoutAnEvict() {
    KeyslotManager manager = manager(2);
    use(manager, 0);
    use(manager, 1);

    assertThat(take(manager, 2)).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0", "program 1 K1", "program 0 K2");
  }

  @Test
  void theLastReleaseDecidesHowLongASlotIsIdle() {
    KeyslotManager manager = manager(2);
    use(manager, 0);
    use(manager, 1);
    use(manager, 0);

    assertThat(take(manager, 2)).isEqualTo(1);
  }

  @Test
  void onlyTheLastReleaseMakesASlotIdle() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    take(manager, 0);

    manager.release(0);
    assertThat(IdleOrder.of(manager.table())).isEmpty();
    manager.release(0);
    assertThat(IdleOrder.of(manager.table())).containsExactly(0);
  }

  @Test
  void aMissIsPendingEvenIfTheDeviceAnswersAtOnce() {
    KeyslotManager manager = manager(1);
    TestWaiter waiter = waiter();

    assertThat(manager.acquire(waiter, keys[0])).isEqualTo(PENDING);
    assertThat(waiter.slot).isEqualTo(PENDING);
    posts.runAll();
    assertThat(waiter.slot).isEqualTo(0);
  }

  @Test
  void aKeyWithoutAnIdleSlotWaitsForARelease() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    TestWaiter waiter = waiter();
    manager.acquire(waiter, keys[1]);
    posts.runAll();
    assertThat(device.calls).containsExactly("program 0 K0");

    manager.release(0);
    assertThat(device.calls).as("nothing is run inside release").containsExactly("program 0 K0");
    posts.runAll();

    assertThat(waiter.slot).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0", "program 0 K1");
  }

  @Test
  void waitersForOneKeyShareOneProgramming() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    List<TestWaiter> waiters = List.of(waiter(), waiter(), waiter());
    waiters.forEach(waiter -> manager.acquire(waiter, keys[1]));

    manager.release(0);
    posts.runAll();

    assertThat(waiters).extracting(waiter -> waiter.slot).containsExactly(0, 0, 0);
    assertThat(device.calls).containsExactly("program 0 K0", "program 0 K1");
    assertThat(manager.table().borrowers(0)).isEqualTo(3);
    assertThat(manager.counters())
        .extracting(KeyslotCounters::hits, KeyslotCounters::misses, KeyslotCounters::wakes)
        .containsExactly(2L, 2L, 3L);
  }

  @Test
  void aBorrowedSlotIsNeverReprogrammed() {
    KeyslotManager manager = manager(2);
    take(manager, 0);
    use(manager, 1);

    assertThat(take(manager, 2)).isEqualTo(1);
    TestWaiter waiter = waiter();
    manager.acquire(waiter, keys[3]);
    posts.runAll();
    assertThat(waiter.slot).isEqualTo(PENDING);
  }

  @Test
  void aFailedProgrammingLeavesTheOldMapping() {
    KeyslotManager manager = manager(1);
    use(manager, 0);
    device.nextResult = Errno.EIO;
    TestWaiter waiter = waiter();
    manager.acquire(waiter, keys[1]);
    posts.runAll();

    assertThat(waiter.refusal).isEqualTo(Errno.EIO);
    assertThat(manager.acquire(waiter(), keys[0])).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0", "program 0 K1");
  }

  @Test
  void aFailedProgrammingLeavesTheSlotIdleLongest() {
    KeyslotManager manager = manager(3);
    device.nextResult = Errno.ETIMEDOUT;
    manager.acquire(waiter(), keys[0]);
    posts.runAll();

    assertThat(manager.table().borrowers(0)).isZero();
    assertThat(IdleOrder.of(manager.table())).containsExactly(0, 1, 2);
    assertThat(take(manager, 1)).isEqualTo(0);
  }

  @Test
  void aFailedProgrammingLeavesTheSlotToTheNextInLine() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    TestWaiter first = waiter();
    TestWaiter second = waiter();
    manager.acquire(first, keys[1]);
    manager.acquire(second, keys[2]);
    manager.release(0);
    device.holdsAnswers = true;
    posts.runAll(); // The first programs; the second queues behind it.
    TestWaiter third = waiter();
    manager.acquire(third, keys[3]);

    device.nextResult = Errno.EIO;
    device.holdsAnswers = false;
    device.answer();
    posts.runAll();

    assertThat(first.refusal).isEqualTo(Errno.EIO);
    assertThat(second.slot).isEqualTo(0);
    assertThat(third.slot).isEqualTo(PENDING);
  }

  @Test
  void anIdleKeyCanBeEvictedAndIsThenProgrammedAgain() {
    KeyslotManager manager = manager(2);
    use(manager, 0);

    manager.evict(keys[0], results::add);
    assertThat(results).containsExactly(Errno.OK);
    assertThat(take(manager, 0)).as("slot 1 is idle longer").isEqualTo(1);
    assertThat(device.calls).containsExactly("program 0 K0", "evict 0 K0", "program 1 K0");
  }

  @Test
  void evictingAKeyThatIsInNoSlotIsNoError() {
    KeyslotManager manager = manager(2);

    manager.evict(keys[0], results::add);
    assertThat(results).containsExactly(Errno.OK);
    assertThat(device.calls).isEmpty();
  }

  @Test
  void evictingABusyKeyDropsItsMappingAndLeavesTheDeviceAlone() {
    KeyslotManager manager = manager(2);
    take(manager, 0);

    manager.evict(keys[0], results::add);

    assertThat(results).containsExactly(Errno.EBUSY);
    assertThat(manager.counters().busyEvicts()).isEqualTo(1);
    assertThat(manager.table().key(0)).isNull();
    assertThat(manager.table().borrowers(0)).isEqualTo(1);
    assertThat(take(manager, 0)).isEqualTo(1);
    assertThat(device.calls).containsExactly("program 0 K0", "program 1 K0");
  }

  @Test
  void aSlotWhoseKeyWasEvictedWhileBusyGoesIdleEmpty() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    manager.evict(keys[0], results::add);

    manager.release(0);

    assertThat(IdleOrder.of(manager.table())).containsExactly(0);
    assertThat(take(manager, 0)).isEqualTo(0);
    assertThat(device.calls).containsExactly("program 0 K0", "program 0 K0");
  }

  @Test
  void aKeyEvictedWhileBusyStaysInUseUntilTheLastRelease() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    take(manager, 0);
    manager.evict(keys[0], results::add);

    manager.release(0);
    assertThatIllegalStateException().isThrownBy(keys[0]::close);
    manager.release(0);
    keys[0].close();
  }

  @Test
  void aFailedEvictDropsTheMappingInPlace() {
    KeyslotManager manager = manager(2);
    use(manager, 0);
    use(manager, 1);
    device.nextResult = Errno.EIO;

    manager.evict(keys[0], results::add);

    assertThat(results).containsExactly(Errno.EIO);
    assertThat(manager.table().key(0)).isNull();
    assertThat(IdleOrder.of(manager.table())).containsExactly(0, 1);
  }

  @Test
  void aSlotEmptiedByEvictIsNotPreferred() {
    KeyslotManager manager = manager(2);
    use(manager, 0);
    use(manager, 1);
    manager.evict(keys[1], results::add);

    assertThat(take(manager, 2)).isEqualTo(0);
  }

  @Test
  void reprogramAllSkipsEmptySlotsAndChangesNeitherBorrowersNorOrder() {
    KeyslotManager manager = manager(3);
    take(manager, 0);
    take(manager, 1);
    use(manager, 2);
    manager.release(1);
    manager.evict(keys[1], results::add);
    device.calls.clear();

    manager.reprogramAll(results::add);

    assertThat(device.calls).containsExactly("program 0 K0", "program 2 K2");
    assertThat(manager.table().borrowers(0)).isEqualTo(1);
    assertThat(IdleOrder.of(manager.table())).containsExactly(2, 1);
    assertThat(results).containsExactly(Errno.OK, Errno.OK);
  }

  @Test
  void aSlotThatFailsToBeReprogrammedKeepsItsKey() {
    KeyslotManager manager = manager(2);
    use(manager, 0);
    use(manager, 1);
    device.nextResult = Errno.EIO;
    manager.reprogramAll(results::add);

    assertThat(device.calls).endsWith("program 0 K0", "program 1 K1");
    assertThat(results).containsExactly(Errno.OK);
    assertThat(manager.counters().failedPrograms()).isEqualTo(1);
    assertThat(manager.acquire(waiter(), keys[0])).isEqualTo(0);
  }

  @Test
  void aDeviceWithoutSlotsIsNeverProgrammed() {
    KeyslotManager manager = manager(0);

    assertThat(manager.acquire(waiter(), keys[0])).isEqualTo(NO_SLOT);
    manager.reprogramAll(results::add);
    manager.evict(keys[0], results::add);

    assertThat(device.calls).containsExactly("evict -1 K0");
    assertThat(results).containsExactly(Errno.OK, Errno.OK);
  }

  @Test
  void aDeviceWithoutSlotsNeedNotListenToEvicts() {
    new KeyslotManager(0, deafDevice(), () -> 0).evict(keys[0], results::add);

    assertThat(results).containsExactly(Errno.OK);
  }

  @Test
  void aDeviceWithSlotsMustBeAbleToEmptyOne() {
    KeyslotManager manager = new KeyslotManager(1, deafDevice(), () -> 0);
    use(manager, 0);

    assertThatThrownBy(() -> manager.evict(keys[0], results::add))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static KeyslotDevice deafDevice() {
    return (slot, key, done) -> done.done(Errno.OK);
  }

  @Test
  void equalBytesInTwoKeysAreTwoKeys() {
    KeyslotManager manager = manager(2);
    take(manager, 0);
    TestWaiter waiter = waiter();

    assertThat(manager.acquire(waiter, TestKeys.key(0))).isEqualTo(PENDING);
    posts.runAll();
    assertThat(waiter.slot).isEqualTo(1);
  }

  @Test
  void lookupsWaitWhileASlotIsProgrammed() {
    KeyslotManager manager = manager(2);
    take(manager, 0);
    device.holdsAnswers = true;
    manager.acquire(waiter(), keys[1]);
    TestWaiter hit = waiter();

    assertThat(manager.acquire(hit, keys[0])).isEqualTo(PENDING);
    posts.runAll();
    assertThat(hit.slot).isEqualTo(PENDING);
    device.answer();
    posts.runAll();
    assertThat(hit.slot).isEqualTo(0);
    assertThat(manager.counters().sectionWaits()).isEqualTo(1);
  }

  @Test
  void anEvictQueuesBehindTheProgrammingOfItsKey() {
    KeyslotManager manager = manager(1);
    device.holdsAnswers = true;
    TestWaiter waiter = waiter();
    manager.acquire(waiter, keys[0]);
    manager.evict(keys[0], results::add);
    assertThat(results).isEmpty();

    device.answer();
    posts.runAll();

    assertThat(results).as("the key was granted first").containsExactly(Errno.EBUSY);
    assertThat(waiter.slot).isEqualTo(0);
  }

  @Test
  void aPolicyIsToldOfWhatWasInstalledAndEvicted() {
    List<String> told = new ArrayList<>();
    ReplacementPolicy policy =
        new ReplacementPolicy() {
          @Override
          public int victim(SlotView slots, CryptoKey incoming) {
            told.add("victim");
            return slots.isIdle(1) ? 1 : 0;
          }

          @Override
          public void installed(SlotView slots, int slot, CryptoKey key) {
            assertThat(slots.isIdle(slot)).isFalse();
            assertThat(slots.key(slot)).isSameAs(key);
            told.add("installed " + slot + ", hits " + slots.hits(slot));
          }

          @Override
          public void evicted(SlotView slots, int slot, CryptoKey key) {
            assertThat(slot < 0 || slots.key(slot) == null).isTrue();
            told.add("evicted " + slot);
          }
        };
    KeyslotManager manager = new KeyslotManager(2, device, () -> 0, policy, null);
    use(manager, 0);
    use(manager, 0);
    use(manager, 1);
    take(manager, 2);
    manager.evict(keys[2], results::add);
    manager.evict(keys[0], results::add);
    manager.release(1);
    use(manager, 3);
    manager.evict(keys[3], results::add);

    assertThat(told)
        .containsExactly(
            "victim",
            "installed 1, hits 0",
            "victim",
            "installed 1, hits 1",
            "victim",
            "installed 1, hits 1",
            "evicted 1",
            "evicted -1",
            "victim",
            "installed 1, hits 1",
            "evicted 1");
  }

  @Test
  void aWaitingKeyCannotBeClosed() {
    KeyslotManager manager = manager(1);
    take(manager, 0);
    manager.acquire(waiter(), keys[1]);

    assertThatIllegalStateException().isThrownBy(keys[1]::close);
  }

  @Test
  void aKeyCanBeClosedInTheCompletionOfItsEvict() {
    KeyslotManager manager = manager(1);
    use(manager, 0);
    assertThatIllegalStateException().isThrownBy(keys[0]::close);

    manager.evict(keys[0], result -> keys[0].close());
    assertThatIllegalStateException().isThrownBy(keys[0]::beginUse);
  }

  @Test
  void anOverwrittenKeyCanBeClosed() {
    KeyslotManager manager = manager(1);
    use(manager, 0);
    use(manager, 1);
    keys[0].close();
  }

  @Test
  void aRefusedKeyCanBeClosed() {
    KeyslotManager manager = manager(1);
    device.nextResult = Errno.EIO;
    manager.acquire(waiter(), keys[0]);
    posts.runAll();
    keys[0].close();
  }

  @Test
  void aClosedKeyIsRefusedAndChangesNothing() {
    KeyslotManager manager = manager(1);
    keys[0].close();
    TestWaiter waiter = waiter();

    assertThatIllegalStateException().isThrownBy(() -> manager.acquire(waiter, keys[0]));
    assertThat(device.calls).isEmpty();
    assertThat(manager.acquire(waiter, keys[1])).isEqualTo(PENDING);
  }

  @Test
  void aClosedKeyIsRefusedWithoutSlotsToo() {
    KeyslotManager manager = manager(0);
    keys[0].close();

    assertThatIllegalStateException().isThrownBy(() -> manager.acquire(waiter(), keys[0]));
  }

  @Test
  void aWaiterWaitsForOneKeyAtATime() {
    KeyslotManager manager = manager(1);
    TestWaiter waiter = waiter();
    manager.acquire(waiter, keys[0]);

    assertThatIllegalStateException().isThrownBy(() -> manager.acquire(waiter, keys[1]));
    posts.runAll();
    manager.release(waiter.slot);
    assertThat(manager.acquire(waiter, keys[1])).isEqualTo(PENDING);
  }

  @Test
  void aReleaseWithoutABorrowIsACallersMistake() {
    KeyslotManager manager = manager(1);

    assertThatIllegalStateException()
        .isThrownBy(() -> manager.release(0))
        .withMessageContaining("slot 0");
    assertThatThrownBy(() -> manager.release(NO_SLOT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-2");
  }

  @Test
  void aNegativeSlotCountIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> manager(-1)).withMessageContaining("-1");
  }

  @Test
  void aDeviceThatAnswersTwiceIsFoundOut() {
    List<KeyslotCompletion> completions = new ArrayList<>();
    KeyslotDevice twice =
        new KeyslotDevice() {
          @Override
          public void program(int slot, CryptoKey key, KeyslotCompletion done) {
            completions.add(done);
          }

          @Override
          public void evict(int slot, CryptoKey key, KeyslotCompletion done) {}
        };
    new KeyslotManager(1, twice, () -> 0).acquire(waiter(), keys[0]);
    completions.getFirst().done(Errno.OK);

    assertThatIllegalStateException()
        .isThrownBy(() -> completions.getFirst().done(Errno.OK))
        .withMessageContaining("twice");
  }

  @Test
  void neitherInstantAnswersNorCallsFromCompletionsDeepenTheStack() {
    KeyslotManager manager = manager(1);
    device.holdsAnswers = true;
    manager.acquire(waiter(), keys[0]);
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      manager.reprogramAll(results::add);
    }
    device.holdsAnswers = false;
    device.answer();
    assertThat(results).hasSize(count);

    results.clear();
    manager.evict(keys[1], result -> evictAgain(manager, count));
    assertThat(results).hasSize(count);
  }

  private void evictAgain(KeyslotManager manager, int times) {
    if (times > 0) {
      results.add(Errno.OK);
      manager.evict(keys[1], result -> evictAgain(manager, times - 1));
    }
  }

  private KeyslotManager manager(int slotCount) {
    return new KeyslotManager(slotCount, device, () -> 0);
  }

  private TestWaiter waiter() {
    return new TestWaiter(posts);
  }

  /** Acquires and keeps a slot. */
  private int take(KeyslotManager manager, int key) {
    TestWaiter waiter = waiter();
    int slot = manager.acquire(waiter, keys[key]);
    posts.runAll();
    return slot == PENDING ? waiter.slot : slot;
  }

  private int use(KeyslotManager manager, int key) {
    int slot = take(manager, key);
    manager.release(slot);
    return slot;
  }
}
