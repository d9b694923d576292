package inlinecrypt.keyslot.replacement;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

class S3FifoTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.S3_FIFO;
  }

  /**
   * S has room for 1, M for 2, G for 2. In S are a, hit twice, b, hit once, and c. For d, a moves
   * to M, and b goes, to G. For b, which G knows and M gets, c goes from S. For e, S still has d,
   * so d goes, to G; M keeps a and b. For f, e goes.
   */
  @Override
  Example example() {
    return new Example(3, "abcabadbef", "...+++bcde");
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    int smallSize = Math.max(1, slotCount / 10);
    int mainSize = slotCount - smallSize;
    Deque<Integer> small = new ArrayDeque<>(); // tails first
    Deque<Integer> main = new ArrayDeque<>();
    Deque<Integer> ghosts = new ArrayDeque<>();
    Map<Integer, Integer> freq = new HashMap<>();
    return new Textbook() {
      @Override
      public boolean request(int key) {
        if (small.contains(key) || main.contains(key)) {
          freq.merge(key, 1, (old, one) -> Math.min(3, old + one));
          return true;
        }
        while (small.size() + main.size() == slotCount) {
          if (small.size() >= smallSize) {
            evictSmall();
          } else {
            evictMain();
          }
        }
        (ghosts.remove(key) ? main : small).add(key);
        freq.put(key, 0);
        return false;
      }

      private void evictSmall() {
        boolean evicted = false;
        while (!evicted && !small.isEmpty()) {
          int tail = small.remove();
          if (freq.getOrDefault(tail, 0) > 1) {
            main.add(tail);
            freq.put(tail, 0);
            if (main.size() > mainSize) {
              evictMain();
              evicted = true;
            }
          } else {
            ghosts.add(tail);
            if (ghosts.size() > mainSize) {
              ghosts.remove();
            }
            evicted = true;
          }
        }
      }

      private void evictMain() {
        boolean evicted = false;
        while (!evicted) {
          int tail = main.remove();
          int left = freq.getOrDefault(tail, 0);
          if (left > 0) {
            main.add(tail);
            freq.put(tail, left - 1);
          } else {
            evicted = true;
          }
        }
      }
    };
  }
}
