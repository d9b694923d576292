package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;

/**
 * SIEVE: keys stand in the order in which they came in; a hand goes from the oldest to the newest
 * and round again, and stops at the first key not hit since it last came by. Unlike {@link Clock},
 * where the new key takes the victim's place behind the hand, it always joins as the newest, so
 * what came in lately and is not hit soon is sifted out early.
 *
 * <p>Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi: SIEVE is simpler than LRU: an efficient
 * turn-key eviction algorithm for web caches. NSDI 2024. The visited bit is a count of hits that
 * has grown since the hand came by, so seeing hits late loses nothing. The hand passes over a slot
 * in use and leaves its bit.
 */
public final class Sieve implements ReplacementPolicy {
  private final SlotQueue queue; // slots with keys
  private final SeenHits hits;
  private int hand = NONE; // or that it begins with the oldest

  public Sieve(int slotCount) {
    queue = new SlotQueue(slotCount);
    hits = new SeenHits(slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    int slot = orOldest(hand);
    while (!slots.isIdle(slot) || hits.newHits(slots, slot) > 0) {
      slot = orOldest(queue.after(slot));
    }
    hand = slot; // It goes on when the new key is in: if programming fails, this slot is next.
    return slot;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    leave(slot);
    queue.add(slot);
    hits.skip(slots, slot);
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    if (slot != NONE) {
      leave(slot);
    }
  }

  private int orOldest(int slot) {
    return slot == NONE ? queue.first() : slot;
  }

  private void leave(int slot) {
    if (slot == hand) {
      hand = queue.after(slot);
    }
    queue.remove(slot);
  }
}
