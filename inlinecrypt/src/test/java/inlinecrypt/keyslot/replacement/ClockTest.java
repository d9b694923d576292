package inlinecrypt.keyslot.replacement;

import java.util.Arrays;

class ClockTest extends ReplacementPolicyContract {
  @Override
  Replacement replacement() {
    return Replacement.CLOCK;
  }

  /**
   * c and a are hit. For d the hand passes a, which loses its bit, and stops at b; d takes b's
   * place and the hand is at c. For b it passes c and stops at a.
   */
  @Override
  Example example() {
    return new Example(3, "abccadb", "...++ba");
  }

  @Override
  Textbook textbook(int slotCount, int[] future) {
    int[] frames = new int[slotCount];
    boolean[] used = new boolean[slotCount];
    Arrays.fill(frames, -1);
    return new Textbook() {
      private int hand;

      @Override
      public boolean request(int key) {
        for (int frame = 0; frame < slotCount; frame++) {
          if (frames[frame] == key) {
            used[frame] = true;
            return true;
          }
        }
        while (used[hand]) {
          used[hand] = false;
          hand = (hand + 1) % slotCount;
        }
        frames[hand] = key;
        hand = (hand + 1) % slotCount;
        return false;
      }
    };
  }
}
