package inlinecrypt.keyslot;

import java.util.Arrays;

/** The slots without borrowers, the one that is idle longest first. Not thread-safe. */
final class IdleSlots {
  static final int NONE = -1;

  private final int[] next; // by slot
  private final int[] previous; // by slot
  private int head;
  private int tail;

  /** All slots are idle, slot 0 the longest. */
  IdleSlots(int slotCount) {
    next = new int[slotCount];
    previous = new int[slotCount];
    head = NONE;
    tail = NONE;
    for (int slot = 0; slot < slotCount; slot++) {
      add(slot);
    }
  }

  /** The slot that is idle longest, or {@link #NONE}. */
  int longest() {
    return head;
  }

  void add(int slot) {
    next[slot] = NONE;
    previous[slot] = tail;
    if (tail == NONE) {
      head = slot;
    } else {
      next[tail] = slot;
    }
    tail = slot;
  }

  void remove(int slot) {
    int before = previous[slot];
    int after = next[slot];
    if (before == NONE) {
      head = after;
    } else {
      next[before] = after;
    }
    if (after == NONE) {
      tail = before;
    } else {
      previous[after] = before;
    }
  }

  /** From the longest idle on. */
  int[] toArray() {
    int[] slots = new int[next.length];
    int count = 0;
    for (int slot = head; slot != NONE; slot = next[slot]) {
      slots[count++] = slot;
    }
    return Arrays.copyOf(slots, count);
  }
}
