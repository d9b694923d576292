package inlinecrypt.keyslot.replacement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class LruTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.LRU;
  }

  /** The page replacement example of Silberschatz, Galvin, Gagne: Operating System Concepts. */
  @Override
  Example example() {
    return new Example(3, "habcadaecdadcbcabhab", "...h+b+cdae++a+d+c++"); // 12 misses
  }

  /** Empty or not, the slot idle longest is next. */
  @Override
  int slotAfterAnEviction() {
    return 0;
  }

  /**
   * By stack distance: a hit is a request for a key since whose last one fewer other keys than
   * slots were requested (R. L. Mattson and others, 1970).
   */
  @Override
  Textbook textbook(int slotCount, int[] future) {
    List<Integer> past = new ArrayList<>();
    return key -> {
      Set<Integer> others = new HashSet<>();
      int place = past.size() - 1;
      while (place >= 0 && past.get(place) != key && others.size() < slotCount) {
        others.add(past.get(place--));
      }
      past.add(key);
      return place >= 0 && others.size() < slotCount;
    };
  }
}
