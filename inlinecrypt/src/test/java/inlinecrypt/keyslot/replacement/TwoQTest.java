package inlinecrypt.keyslot.replacement;

import java.util.ArrayDeque;
import java.util.Deque;

class TwoQTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.TWO_Q;
  }

  /**
   * A1in has room for 1, A1out for 1. In A1in are a, b, c: for d, a goes, to A1out. For a, which
   * A1out knows and Am gets, b goes; for b likewise c. Now A1in is not too long, with d alone: for
   * e, a goes, the least recent of Am.
   */
  @Override
  Example example() {
    return new Example(3, "abcdabe", "...abca");
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    int kin = Math.max(1, slotCount / 4);
    int kout = Math.max(1, slotCount / 2);
    Deque<Integer> a1in = new ArrayDeque<>(); // tails first
    Deque<Integer> a1out = new ArrayDeque<>();
    Deque<Integer> am = new ArrayDeque<>();
    return key -> {
      if (am.remove(key)) {
        am.add(key);
        return true;
      }
      if (a1in.contains(key)) {
        return true;
      }
      boolean remembered = a1out.remove(key);
      if (a1in.size() + am.size() == slotCount) {
        if (a1in.size() > kin || am.isEmpty()) {
          a1out.add(a1in.remove());
          if (a1out.size() > kout) {
            a1out.remove();
          }
        } else {
          am.remove();
        }
      }
      (remembered ? am : a1in).add(key);
      return false;
    };
  }
}
