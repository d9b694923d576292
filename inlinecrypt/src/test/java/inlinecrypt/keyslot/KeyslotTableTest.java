package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.replacement.Lru;
import org.junit.jupiter.api.Test;

/** The steps of a slot's word, with another thread's steps in between where the table lets it. */
class KeyslotTableTest {
  private static final int NONE = KeyslotTable.NONE;

  private final CryptoKey[] keys = TestKeys.keys(9);
  private final KeyslotTable table = new KeyslotTable(2, () -> 0);

  @Test
  void aHitCountsABorrowerAndAHit() {
    program(table, 0);

    assertThat(table.borrow(keys[0])).isEqualTo(0);
    assertThat(table.borrowers(0)).isEqualTo(2);
    assertThat(table.hits()).isEqualTo(1);
  }

  @Test
  void onlyTheLastBorrowerMakesTheSlotIdle() {
    program(table, 0);
    table.borrow(keys[0]);

    assertThat(table.giveBack(0)).isFalse();
    assertThat(table.giveBack(0)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> table.giveBack(0))
        .withMessageContaining("slot 0");
    assertThat(table.borrow(keys[0])).as("nothing was changed").isEqualTo(0);
  }

  @Test
  void aClaimedSlotIsNoHit() {
    program(table, 0);
    table.giveBack(0);
    program(table, 1);
    int victim = table.claimVictim(new Lru(), keys[2]);

    assertThat(victim).isEqualTo(0);
    assertThat(table.borrow(keys[0])).isEqualTo(NONE);
    table.unclaim(victim);
    assertThat(table.borrow(keys[0])).as("the programming failed").isEqualTo(0);
    assertThat(table.hits()).isEqualTo(1);
  }

  @Test
  void neitherAFailedClaimNorAnEvictChangesTheOrder() {
    program(table, 0);
    table.giveBack(0);
    program(table, 1);
    table.giveBack(1);

    table.unclaim(table.claimVictim(new Lru(), keys[2]));
    assertThat(IdleOrder.of(table)).containsExactly(0, 1);
    assertThat(table.forgetAndClaim(0, keys[0])).isTrue();
    table.unclaim(0);
    assertThat(IdleOrder.of(table)).containsExactly(0, 1);
  }

  @Test
  void aHitThatIsFasterThanTheChoiceTakesTheSlotFromThePolicy() {
    program(table, 0);
    table.giveBack(0);
    int[] asked = {0};
    ReplacementPolicy slow =
        (slots, incoming) -> {
          int choice = new Lru().victim(slots, incoming);
          if (asked[0]++ == 0) {
            assertThat(choice).isEqualTo(1);
            program(table, 1); // another thread's
          }
          return choice;
        };

    assertThat(table.claimVictim(slow, keys[2])).isEqualTo(0);
    assertThat(asked[0]).isEqualTo(2);
  }

  @Test
  void noSlotIsClaimedWhileAllAreBorrowed() {
    program(table, 0);
    program(table, 1);

    assertThat(table.claimVictim(new Lru(), keys[2])).isEqualTo(NONE);
  }

  @Test
  void aPolicyThatChoosesABusySlotIsFoundOut() {
    program(table, 0);

    assertThatIllegalStateException()
        .isThrownBy(() -> table.claimVictim((slots, incoming) -> 0, keys[1]))
        .withMessageContaining("slot 0");
    assertThatIllegalStateException()
        .isThrownBy(() -> table.claimVictim((slots, incoming) -> 2, keys[1]))
        .withMessageContaining("slot 2");
  }

  @Test
  void anOrphanIsNoHitAndItsLastBorrowerEndsTheUseOfTheKey() {
    program(table, 0);
    table.borrow(keys[0]);

    assertThat(table.forgetAndClaim(0, keys[0])).isFalse();
    assertThat(table.borrow(keys[0])).isEqualTo(NONE);
    assertThat(table.giveBack(0)).isFalse();
    assertThatIllegalStateException().isThrownBy(keys[0]::close);
    assertThat(table.giveBack(0)).isTrue();
    keys[0].close();
    assertThat(IdleOrder.of(table)).containsExactly(1, 0);
  }

  @Test
  void keysThatShareAHashChainAreToldApart() {
    KeyslotTable wide =
        new KeyslotTable(8, () -> 0); // 8 keys in 8 chains: almost surely some share one.
    for (int slot = 0; slot < 8; slot++) {
      program(wide, slot);
    }
    wide.forgetAndClaim(3, keys[3]);

    for (int slot = 0; slot < 8; slot++) {
      assertThat(wide.find(keys[slot])).isEqualTo(slot == 3 ? NONE : slot);
    }
    assertThat(wide.find(keys[8])).isEqualTo(NONE);
  }

  /** Borrows, on a miss, the slot that is idle longest. */
  private void program(KeyslotTable table, int slot) {
    keys[slot].beginUse();
    int victim = table.claimVictim(new Lru(), keys[slot]);
    table.install(victim, keys[slot]);
    assertThat(victim).isEqualTo(slot);
  }
}
