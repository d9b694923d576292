package inlinecrypt.keyslot;

import java.util.Arrays;

/**
 * Finds the slot that has been idle longest without looking at every slot: the kernel's choice,
 * made at each miss. Needs the manager's mutex.
 */
final class LongestIdle {
  /*
   * A slot's place is the tick at which it became idle, which its releases change without a lock. So
   * the heap is ordered by what was last known: a tick before which the slot was not idle. Ticks only
   * grow, so the first of the heap, if it is idle and its place is the one that is known, has been
   * idle longest; else what is known of it is brought up to date, and it sinks. A slot is looked at
   * about as often as it was used.
   *
   * A release draws its tick a moment before its slot is idle. A slot that was seen borrowed is
   * therefore idle since that look at the earliest, however old its tick is; the tick of the look is
   * read before the slot's word, so that a release after the look has a later one.
   */
  private final KeyslotTable table;
  private final int[] heap; // of slots
  private final long[] knownTicks; // by slot
  private long word;

  LongestIdle(KeyslotTable table) {
    this.table = table;
    heap = new int[table.slotCount()];
    Arrays.setAll(heap, slot -> slot);
    knownTicks = new long[heap.length];
  }

  /** The slot; {@link KeyslotTable#NONE} if none is idle. */
  int find() {
    long startTick = table.nextTick();
    while (true) {
      int slot = heap[0];
      long tick = table.nextTick();
      word = table.word(slot);
      if (!KeyslotTable.isBorrowed(word)) {
        long sinceTick = idleSinceTick(slot);
        if (sinceTick == knownTicks[slot]) {
          return slot;
        }
        knownTicks[slot] = sinceTick;
      } else if (knownTicks[slot] < startTick) {
        knownTicks[slot] = tick;
      } else if (!isAnyIdle()) {
        return KeyslotTable.NONE;
      } else { // one has become so since it was looked at: looks from here on count
        table.drawTick(tick);
        startTick = table.nextTick();
        continue;
      }
      sink();
    }
  }

  /** The word that the slot had when it was found. */
  long word() {
    return word;
  }

  private long idleSinceTick(int slot) {
    return Math.max(table.idleTick(slot), knownTicks[slot]);
  }

  private boolean isAnyIdle() {
    for (int slot = 0; slot < heap.length; slot++) {
      if (!KeyslotTable.isBorrowed(table.word(slot))) {
        return true;
      }
    }
    return false;
  }

  /** Puts the first in its place, after its tick has grown. */
  private void sink() {
    int slot = heap[0];
    int index = 0;
    while (true) {
      int child = 2 * index + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], slot)) {
        break;
      }
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = slot;
  }

  private boolean isBefore(int slot, int other) {
    long difference = knownTicks[slot] - knownTicks[other];
    return difference < 0 || (difference == 0 && slot < other);
  }
}
