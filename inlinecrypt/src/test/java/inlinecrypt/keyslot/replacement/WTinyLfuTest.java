package inlinecrypt.keyslot.replacement;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

class WTinyLfuTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.W_TINY_LFU;
  }

  /**
   * The window has room for 1. c is in it, a and b are on probation, and the hit protects b. For d,
   * c was used no more often than a, so c goes. d is hit. For e, d was used twice, a once: a goes.
   */
  @Override
  Example example() {
    return new Example(3, "abcbdde", "...+c+a");
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    int windowSize = Math.max(1, slotCount / 100);
    int protectedSize = (slotCount - windowSize) * 8 / 10;
    Deque<Integer> window = new ArrayDeque<>();
    Deque<Integer> probation = new ArrayDeque<>();
    Deque<Integer> guarded = new ArrayDeque<>();
    Map<Integer, Integer> lastUses = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    return new Textbook() {
      private int now;
      private int counted;

      @Override
      public boolean request(int key) {
        lastUses.put(key, ++now);
        boolean hit = true;
        if (probation.remove(key) || guarded.remove(key)) {
          guarded.add(key);
          if (guarded.size() > protectedSize) {
            probation.add(pollOldest(guarded));
          }
        } else if (!window.contains(key)) {
          hit = false;
          if (window.size() + probation.size() + guarded.size() == slotCount) {
            evict();
          } else if (window.size() == windowSize) {
            probation.add(pollOldest(window));
          }
          window.add(key);
        }
        counts.merge(key, 1, (old, one) -> Math.min(15, old + one));
        counted++;
        if (!hit && counted >= 10 * slotCount) {
          counts.replaceAll((each, count) -> count / 2);
          counted /= 2;
        }
        return hit;
      }

      private void evict() {
        Deque<Integer> main = probation.isEmpty() ? guarded : probation;
        int candidate = pollOldest(window);
        if (!main.isEmpty()) {
          int victim = pollOldest(main);
          if (counts.getOrDefault(candidate, 0) > counts.getOrDefault(victim, 0)) {
            probation.add(candidate);
          } else {
            main.add(victim);
          }
        }
      }

      private int pollOldest(Deque<Integer> list) {
        int oldest = list.stream().min(Comparator.comparing(lastUses::get)).orElseThrow();
        list.remove(oldest);
        return oldest;
      }
    };
  }
}
