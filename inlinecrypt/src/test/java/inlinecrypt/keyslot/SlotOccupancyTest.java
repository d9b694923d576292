package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import org.junit.jupiter.api.Test;

class SlotOccupancyTest {
  private final CryptoKey[] keys = TestKeys.keys(3);
  private final ScriptedDevice device = new ScriptedDevice(keys);
  private final PostQueue posts = new PostQueue();
  private long nowNs = 1000;
  private final KeyslotManager manager = new KeyslotManager(2, device, () -> nowNs);

  @Test
  void beforeAnyTimeHasPassedTheMeansAreZero() {
    SlotOccupancy occupancy = manager.counters().occupancy();
    assertThat(occupancy).isEqualTo(new SlotOccupancy(0, 0, 0, 0));
    assertThat(occupancy.meanKeyed()).isZero();
    assertThat(occupancy.meanBusy()).isZero();
  }

  @Test
  void slotsAreSummedOverTheTimeTheyAreInUse() {
    nowNs += 100;
    take(0); // from 100
    nowNs += 50;
    take(1); // from 150
    assertThat(manager.slotsInUse()).isEqualTo(new SlotsInUse(2, 2));
    nowNs += 50;
    manager.release(0); // at 200
    nowNs += 50;
    manager.evict(keys[0], result -> {}); // at 250
    nowNs += 150;

    assertThat(manager.slotsInUse()).isEqualTo(new SlotsInUse(1, 1));
    SlotOccupancy occupancy = manager.counters().occupancy();
    assertThat(occupancy).isEqualTo(new SlotOccupancy(400, 150 + 250, 2, 100 + 250));
    assertThat(occupancy.meanKeyed()).isEqualTo(1.0);
    assertThat(occupancy.meanBusy()).isEqualTo(350.0 / 400);
  }

  @Test
  void overlappingBorrowsOfASlotCountOnce() {
    take(0);
    nowNs += 10;
    take(0);
    nowNs += 10;
    manager.release(0);
    nowNs += 10;
    manager.release(0);
    nowNs += 10;

    assertThat(manager.counters().occupancy().busySlotNs()).isEqualTo(30);
  }

  @Test
  void eachWaitIsRecorded() {
    device.holdsAnswers = true;
    manager.acquire(new TestWaiter(posts), keys[0]);
    nowNs += 20_000;
    device.answer();
    manager.acquire(new TestWaiter(posts), keys[0]);

    assertThat(manager.counters().waitNs().getTotalCount()).isEqualTo(1);
    assertThat(manager.counters().waitNs().getMaxValue()).isBetween(19_800L, 20_200L);
    assertThat(manager.counters().waitNsTotal()).isEqualTo(20_000);
  }

  @Test
  void countersDoNotChangeOnceTheyAreRead() {
    KeyslotCounters before = manager.counters();
    take(0);

    assertThat(before.waitNs().getTotalCount()).isZero();
    assertThat(manager.counters().waitNs().getTotalCount()).isEqualTo(1);
  }

  private void take(int key) {
    manager.acquire(new TestWaiter(posts), keys[key]);
    posts.runAll();
  }
}
