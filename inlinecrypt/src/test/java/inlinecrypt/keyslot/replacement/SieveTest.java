package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SieveTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.SIEVE;
  }

  /**
   * a is hit. For d the hand passes a, which loses its bit, and stops at b; d joins behind c. The
   * hand is at c when c is hit. For b it passes c and stops at d, the newest; a is out of its way.
   */
  @Override
  Example example() {
    return new Example(3, "abcadcb", "...+b+d");
  }

  @Test
  void theHandGoesOnFromAKeyThatIsEvicted() {
    List<CryptoKey> keys = PlayedSlots.keys(7);
    PlayedSlots slots = new PlayedSlots(4, new Sieve(4));
    keys.subList(0, 4).forEach(slots::request);
    slots.request(keys.get(0));
    slots.request(keys.get(4)); // for 1; the hand has passed 0 and is at 2
    slots.evict(keys.get(2));
    slots.request(keys.get(5));
    slots.request(keys.get(6));
    assertThat(slots.overwritten()).isSameAs(keys.get(3));
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    List<Integer> queue = new ArrayList<>(); // the tail of the paper first
    Set<Integer> visited = new HashSet<>();
    return new Textbook() {
      private int hand;

      @Override
      public boolean request(int key) {
        if (queue.contains(key)) {
          visited.add(key);
          return true;
        }
        if (queue.size() == slotCount) {
          while (visited.remove(queue.get(hand))) {
            hand = (hand + 1) % slotCount;
          }
          queue.remove(hand);
          hand = hand == queue.size() ? 0 : hand;
        }
        queue.add(key);
        return false;
      }
    };
  }
}
