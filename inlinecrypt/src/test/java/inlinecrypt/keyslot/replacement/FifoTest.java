package inlinecrypt.keyslot.replacement;

import java.util.ArrayDeque;
import java.util.Deque;

class FifoTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.FIFO;
  }

  /** The page replacement example of Silberschatz, Galvin, Gagne: Operating System Concepts. */
  @Override
  Example example() {
    return new Example(3, "habcadaecdadcbcabhab", "...h+abcdae++cd++abc"); // 15 misses
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    Deque<Integer> cache = new ArrayDeque<>();
    return key -> {
      if (cache.contains(key)) {
        return true;
      }
      if (cache.size() == slotCount) {
        cache.remove();
      }
      cache.add(key);
      return false;
    };
  }
}
