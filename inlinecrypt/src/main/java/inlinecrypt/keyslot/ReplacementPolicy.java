package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;

/**
 * Chooses the slot that is programmed next. A policy belongs to one {@link KeyslotManager} and is
 * called with its mutex held, one call at a time.
 *
 * <p>It is not told of hits, which take no lock: it sees what became of the slots when it is next
 * asked, by their counts of hits and the ticks at which they became idle.
 */
public interface ReplacementPolicy {
  /**
   * An idle slot for {@code incoming}, which is in none. Called only while a slot is idle. The
   * choice changes nothing yet: the programming may still fail, and if a hit on another thread was
   * faster than the choice, the policy is asked again.
   */
  int victim(SlotView slots, CryptoKey incoming);

  /**
   * Whether {@link #victim} is always the slot that has been idle longest. Then that is found
   * without looking at all slots, and {@code victim} is not asked.
   */
  default boolean takesLongestIdle() {
    return false;
  }

  /**
   * {@code slot} was programmed with {@code key}; what was in it before is no more. Of the other
   * slots, {@code slots} says what it said when this one was chosen.
   */
  default void installed(SlotView slots, int slot, CryptoKey key) {}

  /** {@code key} was evicted by its owner, from {@code slot} or, if that is -1, from none. */
  default void evicted(SlotView slots, int slot, CryptoKey key) {}
}
