package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.keyslot.SlotView;
import java.util.Arrays;

/** Slots in the order in which they were added, each at most once. */
final class SlotQueue {
  private final int[] next; // by slot; NONE if the slot is not in the queue
  private final int[] previous; // by slot
  private final int end; // stands before the first slot and after the last
  private int size;

  SlotQueue(int slotCount) {
    next = new int[slotCount + 1];
    previous = new int[slotCount + 1];
    end = slotCount;
    Arrays.fill(next, NONE);
    next[end] = end;
    previous[end] = end;
  }

  int size() {
    return size;
  }

  boolean contains(int slot) {
    return next[slot] != NONE;
  }

  /** The slot added first of those that are in, or {@link IdleChoice#NONE}. */
  int first() {
    return after(end);
  }

  /** The slot added after {@code slot}, or {@link IdleChoice#NONE}. */
  int after(int slot) {
    return next[slot] == end ? NONE : next[slot];
  }

  /** The first idle slot, or {@link IdleChoice#NONE}. */
  int firstIdle(SlotView slots) {
    int slot = first();
    while (slot != NONE && !slots.isIdle(slot)) {
      slot = after(slot);
    }
    return slot;
  }

  /** Adds {@code slot} as the last; it was not in. */
  void add(int slot) {
    next[slot] = end;
    previous[slot] = previous[end];
    next[previous[end]] = slot;
    previous[end] = slot;
    size++;
  }

  /** Takes {@code slot} out, if it is in. */
  void remove(int slot) {
    if (contains(slot)) {
      next[previous[slot]] = next[slot];
      previous[next[slot]] = previous[slot];
      next[slot] = NONE;
      size--;
    }
  }
}
