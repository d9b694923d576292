package inlinecrypt.keyslot;

import java.util.Arrays;

/**
 * Finds the slot that has been idle longest without looking at every slot: the kernel's choice,
 * made at each miss. Needs the manager's mutex.
 */
final class LongestIdle {
  /*
   * A slot's place is the tick at which it became idle, which its releases change without a lock. So
   * slots are kept by what was seen of them last: those that were idle in a heap, by a tick before
   * which each was not; the others in no order. Ticks only grow. So if the first of the heap is idle
   * and its place is the one that is known, none of the heap has been idle longer; else what is known
   * of it is brought up to date, and it sinks or leaves. All that were borrowed are looked at each
   * time, and are few unless most are.
   *
   * Slots are looked at one after the other while releases go on, and a release draws its tick a
   * moment before its slot is idle. A slot that was seen borrowed is therefore idle since the tick
   * that was next when the look began, at the earliest, however old its own is; and one that became
   * idle since then is no answer, for so may others have that had been looked at already.
   */
  private final KeyslotTable table;
  private final int[] heap; // of slots
  private int heapSize;
  private final int[] borrowed; // slots
  private int borrowedCount;
  private final long[] knownTicks; // by slot
  private long word;

  LongestIdle(KeyslotTable table) {
    this.table = table;
    heapSize = table.slotCount();
    heap = new int[heapSize];
    Arrays.setAll(heap, slot -> slot);
    borrowed = new int[heapSize];
    knownTicks = new long[heapSize];
  }

  /** The slot; {@link KeyslotTable#NONE} if none is idle. */
  int find() {
    long startTick = table.nextTick();
    lookAtBorrowed(startTick);
    while (heapSize > 0) {
      int slot = heap[0];
      word = table.word(slot);
      if (KeyslotTable.isBorrowed(word)) {
        knownTicks[slot] = startTick;
        borrowed[borrowedCount++] = slot;
        removeFirst();
        continue;
      }
      long sinceTick = idleSinceTick(slot);
      if (sinceTick != knownTicks[slot]) {
        knownTicks[slot] = sinceTick;
        sink(slot);
      } else if (sinceTick < startTick) {
        return slot;
      } else {
        table.drawTick(startTick); // or nothing would be older than the next look
        startTick = table.nextTick();
        lookAtBorrowed(startTick);
      }
    }
    return KeyslotTable.NONE;
  }

  /** The word that the slot had when it was found. */
  long word() {
    return word;
  }

  private void lookAtBorrowed(long tick) {
    int left = 0;
    for (int index = 0; index < borrowedCount; index++) {
      int slot = borrowed[index];
      if (KeyslotTable.isBorrowed(table.word(slot))) {
        knownTicks[slot] = tick;
        borrowed[left++] = slot;
      } else {
        knownTicks[slot] = idleSinceTick(slot);
        add(slot);
      }
    }
    borrowedCount = left;
  }

  private long idleSinceTick(int slot) {
    return Math.max(table.idleTick(slot), knownTicks[slot]);
  }

  private void add(int slot) {
    int index = heapSize++;
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      if (!isBefore(slot, heap[parent])) {
        break;
      }
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = slot;
  }

  private void removeFirst() {
    heapSize--;
    if (heapSize > 0) {
      sink(heap[heapSize]);
    }
  }

  /** Puts {@code slot} in its place, where the first was. */
  private void sink(int slot) {
    int index = 0;
    while (true) {
      int child = 2 * index + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
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
