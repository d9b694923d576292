package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The offline optimum: the key that is needed again last, or never, goes. It has to be told the
 * future, so it is no policy to use but the bound on what any policy can do.
 *
 * <p>L. A. Belady: A study of replacement algorithms for a virtual-storage computer. IBM Systems
 * Journal 5 (2), 1966 (MIN). It is the optimum for requests that come one at a time, each ended
 * before the next. With several under way, slots in use cannot go, and the choice among the others
 * is only a greedy one.
 *
 * <p>Where it is in the future it knows by counting, for each key apart, the requests that were
 * made: the n-th request for a key is the key's n-th place in the future. So requests may arrive
 * out of order: one that is late is still to come, and seems near or overdue, so its key stays; one
 * that is early is past at once. A programming that failed ends its request too, which is noticed
 * when a victim is asked for another key. Requests that the future does not have are for keys never
 * needed again.
 */
public final class Belady implements ReplacementPolicy {
  private static final int NEVER = Integer.MAX_VALUE;

  private final int[] nextSame; // by place in the future: the next place of the same key
  private final Map<CryptoKey, Integer> nextUses; // of keys without a slot, unless never
  private final @Nullable CryptoKey[] keys; // by slot
  private final int[] slotNextUses; // by slot, of its key
  private final SeenHits hits;
  private @Nullable CryptoKey asked; // for a victim, and not installed since

  /**
   * @param future the keys of all requests to come, in their order
   */
  public Belady(int slotCount, List<CryptoKey> future) {
    nextSame = new int[future.size()];
    nextUses = new IdentityHashMap<>();
    for (int place = future.size() - 1; place >= 0; place--) {
      Integer next = nextUses.put(future.get(place), place);
      nextSame[place] = next == null ? NEVER : next;
    }
    keys = new @Nullable CryptoKey[slotCount];
    slotNextUses = new int[slotCount];
    Arrays.fill(slotNextUses, NEVER);
    hits = new SeenHits(slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    if (asked != null && asked != incoming) {
      remember(asked, after(nextUse(asked)));
    }
    asked = incoming;
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    int last = NONE;
    for (int slot = 0; slot < slots.slotCount(); slot++) {
      countHits(slots, slot);
      if (slots.isIdle(slot) && (last == NONE || slotNextUses[slot] > slotNextUses[last])) {
        last = slot;
      }
    }
    return last;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    asked = null;
    leave(slot);
    keys[slot] = key;
    slotNextUses[slot] = after(nextUse(key));
    hits.skip(slots, slot);
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    if (slot != NONE) {
      countHits(slots, slot);
      leave(slot);
    }
  }

  private void countHits(SlotView slots, int slot) {
    for (long left = hits.newHits(slots, slot); left > 0; left--) {
      slotNextUses[slot] = after(slotNextUses[slot]);
    }
  }

  private void leave(int slot) {
    CryptoKey key = keys[slot];
    if (key != null) {
      remember(key, slotNextUses[slot]);
      keys[slot] = null;
      slotNextUses[slot] = NEVER;
    }
  }

  private int nextUse(CryptoKey key) {
    return nextUses.getOrDefault(key, NEVER);
  }

  private void remember(CryptoKey key, int nextUse) {
    if (nextUse == NEVER) {
      nextUses.remove(key);
    } else {
      nextUses.put(key, nextUse);
    }
  }

  private int after(int place) {
    return place == NEVER ? NEVER : nextSame[place];
  }
}
