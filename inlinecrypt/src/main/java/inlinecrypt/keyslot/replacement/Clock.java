package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;

/**
 * CLOCK, or second chance: a hand goes round the slots and stops at the first whose key was not hit
 * since it last came by.
 *
 * <p>F. J. Corbató: A paging experiment with the Multics system. MIT Project MAC, memo MAC-M-384,
 * 1968. The use bit is a count of hits that has grown since the hand came by, so seeing hits late
 * loses nothing. The request that brings a key in is no hit. The hand passes over a slot in use and
 * leaves its bit.
 */
public final class Clock implements ReplacementPolicy {
  private final SeenHits hits;
  private int hand;

  public Clock(int slotCount) {
    hits = new SeenHits(slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    while (!slots.isIdle(hand) || hits.newHits(slots, hand) > 0) {
      advance(slots);
    }
    return hand; // It goes on when the new key is in: if programming fails, this slot is next.
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    hits.skip(slots, slot);
    if (slot == hand) {
      advance(slots);
    }
  }

  private void advance(SlotView slots) {
    hand = hand + 1 == slots.slotCount() ? 0 : hand + 1;
  }
}
