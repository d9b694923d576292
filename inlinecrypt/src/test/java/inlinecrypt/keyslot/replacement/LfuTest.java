package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LfuTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.LFU;
  }

  /**
   * a has 3 uses, b 2, c 1: for d, c goes, and the age is 1. So d's priority is 1 + 1, as b's is,
   * and b is idle longer: for c, b goes. Without age d would go, after one use.
   */
  @Override
  Example example() {
    return new Example(3, "abcaabdc", "...+++cb");
  }

  /** Key 0 goes at priority 5, because 1 is in use; that 1 goes later, at 1, is no step back. */
  @Test
  void theAgeDoesNotFall() {
    List<CryptoKey> keys = PlayedSlots.keys(5);
    PlayedSlots slots = new PlayedSlots(2, new Lfu(2));
    for (int uses = 0; uses < 5; uses++) {
      slots.request(keys.get(0));
    }
    int busy = slots.acquire(keys.get(1));
    slots.request(keys.get(2));
    slots.release(busy);
    slots.request(keys.get(3));
    assertThat(slots.overwritten()).isSameAs(keys.get(1));
    slots.request(keys.get(4)); // 2 and 3 both have priority 5 + 1, 2 is idle longer.
    assertThat(slots.overwritten()).isSameAs(keys.get(2));
  }

  private record Entry(long priority, long uses, long lastUse) {}

  @Override
  Textbook textbook(int slotCount, int[] future) {
    Map<Integer, Entry> cache = new HashMap<>();
    return new Textbook() {
      private long age;
      private long now;

      @Override
      public boolean request(int key) {
        now++;
        Entry entry = cache.get(key);
        if (entry == null && cache.size() == slotCount) {
          Map.Entry<Integer, Entry> lowest =
              Collections.min(
                  cache.entrySet(),
                  Map.Entry.comparingByValue(
                      Comparator.comparingLong(Entry::priority).thenComparingLong(Entry::lastUse)));
          age = lowest.getValue().priority;
          cache.remove(lowest.getKey());
        }
        long uses = entry == null ? 1 : entry.uses + 1;
        cache.put(key, new Entry(uses + age, uses, now));
        return entry != null;
      }
    };
  }
}
