package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BeladyTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.BELADY;
  }

  /** The page replacement example of Silberschatz, Galvin, Gagne: Operating System Concepts. */
  @Override
  Example example() {
    return new Example(3, "habcadaecdadcbcabhab", "...h+b+a++e++d+++c++"); // 9 misses
  }

  /** A request that failed was made, and the future goes on. */
  @Override
  List<CryptoKey> failingKeys(List<CryptoKey> keys) {
    return PlayedSlots.keys(3);
  }

  /** Not a fact of this policy, which knows the keys that come back, evicted or not. */
  @Override
  void anEvictedKeyIsANewOneWhenItComesBack() {}

  @ParameterizedTest
  @EnumSource
  void noOtherPolicyMissesLess(Replacement other) {
    for (int seed = 0; seed < 50; seed++) {
      int slotCount = 1 + seed % 17;
      int[] trace = Traces.trace(seed, 2 + slotCount + seed % 23, 1_000);
      assertThat(misses(Replacement.BELADY, slotCount, trace))
          .as("seed %s", seed)
          .isLessThanOrEqualTo(misses(other, slotCount, trace));
    }
  }

  /** Keys 0 1 0 2 1 will be requested, but the second request for 0 comes after that for 2. */
  @Test
  void aKeyWhoseRequestIsLateIsNeededFirst() {
    List<CryptoKey> keys = PlayedSlots.keys(3);
    PlayedSlots slots = new PlayedSlots(2, new Belady(2, future(keys, 0, 1, 0, 2, 1)));
    slots.request(keys.get(0));
    slots.request(keys.get(1));
    assertThat(slots.request(keys.get(2))).isFalse();
    assertThat(slots.request(keys.get(0))).isTrue();
  }

  /** Keys 0 1 2 3 2 1 will be requested; the first request for 2 fails, so 2 has one more to go. */
  @Test
  void aRequestThatFailedIsOver() {
    List<CryptoKey> keys = PlayedSlots.keys(5);
    PlayedSlots slots = new PlayedSlots(2, new Belady(2, future(keys, 0, 1, 2, 3, 2, 1)));
    slots.request(keys.get(0));
    slots.request(keys.get(1));
    slots.ask(keys.get(2));
    slots.request(keys.get(3));
    slots.request(keys.get(2));
    slots.request(keys.get(4));
    assertThat(slots.overwritten()).isSameAs(keys.get(2));
  }

  @Test
  void aRequestThatIsTriedAgainIsOneRequest() {
    List<CryptoKey> keys = PlayedSlots.keys(4);
    PlayedSlots slots = new PlayedSlots(2, new Belady(2, future(keys, 0, 1, 2, 2, 1)));
    slots.request(keys.get(0));
    slots.request(keys.get(1));
    slots.ask(keys.get(2));
    slots.request(keys.get(2));
    slots.request(keys.get(3));
    assertThat(slots.overwritten()).isSameAs(keys.get(1));
  }

  private static List<CryptoKey> future(List<CryptoKey> keys, int... numbers) {
    return Arrays.stream(numbers).<CryptoKey>mapToObj(keys::get).toList();
  }

  private static int misses(Replacement replacement, int slotCount, int[] trace) {
    List<CryptoKey> keys = PlayedSlots.keys(Arrays.stream(trace).max().orElseThrow() + 1);
    List<CryptoKey> future = future(keys, trace);
    PlayedSlots slots = new PlayedSlots(slotCount, replacement.policy(slotCount, future));
    int misses = 0;
    for (CryptoKey key : future) {
      misses += slots.request(key) ? 0 : 1;
    }
    return misses;
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    List<Integer> cache = new ArrayList<>();
    return new Textbook() {
      private int place;

      @Override
      public boolean request(int key) {
        place++;
        boolean hit = cache.contains(key);
        if (!hit) {
          if (cache.size() == slotCount) {
            cache.remove(farthest());
          }
          cache.add(key);
        }
        return hit;
      }

      private Integer farthest() {
        Integer farthest = cache.getFirst();
        for (Integer key : cache) {
          farthest = nextUse(key) > nextUse(farthest) ? key : farthest;
        }
        return farthest;
      }

      private int nextUse(int key) {
        int next = place;
        while (next < future.length && future[next] != key) {
          next++;
        }
        return next;
      }
    };
  }
}
