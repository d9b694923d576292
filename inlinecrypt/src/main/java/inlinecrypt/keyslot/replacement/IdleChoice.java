package inlinecrypt.keyslot.replacement;

import inlinecrypt.keyslot.SlotView;
import java.util.function.IntPredicate;

/** The choices that several policies make among idle slots. */
final class IdleChoice {
  /** No slot. */
  static final int NONE = -1;

  private IdleChoice() {}

  /**
   * The first empty one, or {@link #NONE}. Every policy but {@link Lru} fills these first, as the
   * caches of its paper do: there is nobody to throw out.
   */
  static int empty(SlotView slots) {
    for (int slot = 0; slot < slots.slotCount(); slot++) {
      if (slots.isIdle(slot) && slots.key(slot) == null) {
        return slot;
      }
    }
    return NONE;
  }

  /**
   * The one that has been idle longest of those in {@code list}, or {@link #NONE}. It stands in for
   * the least recently used of a list, whose order nobody has to keep: the ticks are the order. So
   * a key is used last when its last request ends, as in the kernel, not when it begins.
   */
  static int longest(SlotView slots, IntPredicate list) {
    int longest = NONE;
    for (int slot = 0; slot < slots.slotCount(); slot++) {
      if (slots.isIdle(slot)
          && list.test(slot)
          && (longest == NONE || slots.idleSinceTick(slot) < slots.idleSinceTick(longest))) {
        longest = slot;
      }
    }
    return longest;
  }
}
