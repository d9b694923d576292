package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import org.jspecify.annotations.Nullable;

/**
 * 2Q: new keys pass through a queue, A1in, in which hits do not matter; keys that fell out of it
 * are remembered in A1out, and one that comes back while it is goes to Am, which is LRU.
 *
 * <p>T. Johnson, D. Shasha: 2Q: a low overhead high performance buffer management replacement
 * algorithm. VLDB 1994; the full version, with the sizes it advises: A1in a quarter of the slots,
 * A1out half as many keys as there are slots. The order of Am is that of {@link
 * IdleChoice#longest}. A slot in use is passed over and keeps its place; where a whole list is in
 * use, the other one gives a slot.
 */
public final class TwoQ implements ReplacementPolicy {
  private static final int A1IN_SHARE = 4; // one in so many slots
  private static final int A1OUT_SHARE = 2;

  private final int a1inSlots;
  private final int a1outKeys;
  private final SlotQueue a1in; // what has a key and is not here is in Am
  private final GhostKeys a1out = new GhostKeys();
  private final @Nullable CryptoKey[] keys; // by slot

  public TwoQ(int slotCount) {
    a1inSlots = Math.max(1, slotCount / A1IN_SHARE);
    a1outKeys = Math.max(1, slotCount / A1OUT_SHARE);
    a1in = new SlotQueue(slotCount);
    keys = new @Nullable CryptoKey[slotCount];
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    int oldest = a1in.firstIdle(slots);
    int leastRecent = IdleChoice.longest(slots, slot -> !a1in.contains(slot));
    boolean fromA1in = leastRecent == NONE || a1in.size() > a1inSlots;
    return fromA1in && oldest != NONE ? oldest : leastRecent;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    boolean remembered = a1out.remove(key);
    CryptoKey overwritten = keys[slot];
    if (overwritten != null && a1in.contains(slot)) {
      a1out.add(overwritten);
      a1out.trimTo(a1outKeys);
    }
    a1in.remove(slot);
    if (!remembered) {
      a1in.add(slot);
    }
    keys[slot] = key;
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    a1out.remove(key);
    if (slot != NONE) {
      a1in.remove(slot);
      keys[slot] = null;
    }
  }
}
