package inlinecrypt.keyslot.replacement;

import java.util.ArrayDeque;
import java.util.Deque;

class ArcTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.ARC;
  }

  /**
   * T1 is b, c and T2 is a when d comes; p is 0, so T1 is too long: b goes, to B1. d is hit: T1 is
   * c and T2 is a, d. When b comes back from B1, p grows to 1. T1 is no longer than that, so T2
   * gives its least recent, a.
   */
  @Override
  Example example() {
    return new Example(3, "abcaddb", "...+b+a");
  }

  /** Figure 4 of the paper, case by case. */
  @Override
  Textbook textbook(int c, int[] future) {
    Deque<Integer> t1 = new ArrayDeque<>(); // LRU first
    Deque<Integer> t2 = new ArrayDeque<>();
    Deque<Integer> b1 = new ArrayDeque<>();
    Deque<Integer> b2 = new ArrayDeque<>();
    return new Textbook() {
      private double p;

      @Override
      public boolean request(int x) {
        if (t1.remove(x) || t2.remove(x)) { // case I
          t2.add(x);
          return true;
        }
        if (b1.contains(x)) { // case II
          p = Math.min(c, p + (b1.size() >= b2.size() ? 1 : (double) b2.size() / b1.size()));
          replace(x);
          b1.remove(x);
          t2.add(x);
          return false;
        }
        if (b2.contains(x)) { // case III
          p = Math.max(0, p - (b2.size() >= b1.size() ? 1 : (double) b1.size() / b2.size()));
          replace(x);
          b2.remove(x);
          t2.add(x);
          return false;
        }
        if (t1.size() + b1.size() == c) { // case IV A
          if (t1.size() < c) {
            b1.remove();
            replace(x);
          } else {
            t1.remove();
          }
        } else { // case IV B
          int all = t1.size() + t2.size() + b1.size() + b2.size();
          if (all >= c) {
            if (all == 2 * c) {
              b2.remove();
            }
            replace(x);
          }
        }
        t1.add(x);
        return false;
      }

      private void replace(int x) {
        if (!t1.isEmpty() && (t1.size() > p || b2.contains(x) && t1.size() == p)) {
          b1.add(t1.remove());
        } else {
          b2.add(t2.remove());
        }
      }
    };
  }
}
