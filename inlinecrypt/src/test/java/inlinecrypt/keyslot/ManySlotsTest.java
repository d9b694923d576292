package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A table with far more slots than keys is not read from end to end for each miss. */
class ManySlotsTest {
  private static final int SLOTS = 65_534;

  @Test
  void slotsThatWereNeverUsedAreTakenInTurnAndThePolicyIsNotAsked() {
    AtomicInteger asked = new AtomicInteger();
    ReplacementPolicy counting =
        new ReplacementPolicy() {
          @Override
          public int victim(SlotView slots, CryptoKey incoming) {
            asked.incrementAndGet();
            return new Lru().victim(slots, incoming);
          }

          @Override
          public boolean takesLongestIdle() {
            return true;
          }
        };
    KeyslotTable table = new KeyslotTable(SLOTS, () -> 0);
    CryptoKey[] keys = TestKeys.keys(100);
    int[] slots =
        Arrays.stream(keys)
            .mapToInt(key -> {
              int slot = table.claimVictim(counting, key);
              key.beginUse();
              table.install(slot, key);
              table.giveBack(slot);
              return slot;
            })
            .toArray();
    assertThat(slots).isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(asked).hasValue(0);
  }

  @Test
  void withoutThatShortcutTheSameSlotsAreTaken() {
    KeyslotTable shortcut = new KeyslotTable(4, () -> 0);
    KeyslotTable asked = new KeyslotTable(4, () -> 0);
    CryptoKey[] keys = TestKeys.keys(12);
    ReplacementPolicy plain = (slots, incoming) -> new Lru().victim(slots, incoming);
    for (CryptoKey key : keys) {
      int slot = shortcut.claimVictim(new Lru(), key);
      assertThat(asked.claimVictim(plain, key)).isEqualTo(slot);
      key.beginUse();
      key.beginUse();
      shortcut.install(slot, key);
      asked.install(slot, key);
      shortcut.giveBack(slot);
      asked.giveBack(slot);
    }
  }

  @Test
  void aSlotWhoseFirstProgrammingFailedIsTakenAgain() {
    KeyslotTable table = new KeyslotTable(4, () -> 0);
    CryptoKey key = TestKeys.keys(1)[0];
    int slot = table.claimVictim(new Lru(), key);
    table.unclaim(slot);
    assertThat(table.claimVictim(new Lru(), key)).isEqualTo(slot);
  }
}
