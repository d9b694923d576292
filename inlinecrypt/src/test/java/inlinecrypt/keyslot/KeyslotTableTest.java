package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import org.junit.jupiter.api.Test;

/** The steps of a hit without the mutex, with another thread's steps in between. */
class KeyslotTableTest {
  private final CryptoKey[] keys = TestKeys.keys(9);
  private final KeyslotTable table = new KeyslotTable(2);

  @Test
  void aSlotThatGotAnotherKeySinceItWasFoundIsNotAHit() {
    install(0, keys[0]);
    int found = table.find(keys[0]);
    table.giveBack(0); // Another thread releases, and programs its own key.
    install(0, keys[1]);

    assertThat(table.borrowBusy(found)).isTrue();
    assertThat(table.holds(found, keys[0])).isFalse();
    table.uncountHit(found);
    assertThat(table.returnShared(found)).isTrue();
    assertThat(table.hits()).isZero();
    assertThat(table.borrowers(0)).isEqualTo(1);
  }

  @Test
  void aSlotThatWentIdleSinceItWasFoundIsLeftToTheMutex() {
    install(0, keys[0]);
    table.giveBack(0);

    assertThat(table.borrowBusy(0)).isFalse();
    assertThat(table.idleSlots()).containsExactly(1, 0);
  }

  @Test
  void theOnlyBorrowerIsReturnedUnderTheMutex() {
    install(0, keys[0]);

    assertThat(table.returnShared(0)).isFalse();
    assertThat(table.borrowers(0)).isEqualTo(1);
  }

  @Test
  void keysThatShareAHashChainAreToldApart() {
    KeyslotTable wide = new KeyslotTable(8); // 8 keys in 8 chains: almost surely some share one.
    for (int slot = 0; slot < 8; slot++) {
      keys[slot].beginUse();
      wide.install(slot, keys[slot]);
    }
    wide.forget(3, keys[3]);

    for (int slot = 0; slot < 8; slot++) {
      assertThat(wide.find(keys[slot])).isEqualTo(slot == 3 ? KeyslotTable.NONE : slot);
    }
    assertThat(wide.find(keys[8])).isEqualTo(KeyslotTable.NONE);
  }

  private void install(int slot, CryptoKey key) {
    key.beginUse();
    table.install(slot, key);
  }
}
