package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import org.jspecify.annotations.Nullable;

/**
 * ARC: a list T1 of keys used once and a list T2 of those used again, both LRU, and beside each a
 * list of ghosts, B1 and B2. A key that comes back from B1 says that T1 should have been longer,
 * one from B2 that T2 should: the target length p of T1 follows.
 *
 * <p>N. Megiddo, D. S. Modha: ARC: a self-tuning, low overhead replacement cache. FAST 2003, figure
 * 4, with its letters. The order of T1 and T2 is that of {@link IdleChoice#longest}, and a key that
 * was hit goes over to T2 when it is next looked at, before anything is decided by it. Slots in use
 * count as members of their lists; where a whole list is in use, the other one gives a slot.
 */
public final class Arc implements ReplacementPolicy {
  private final int c;
  private final @Nullable CryptoKey[] keys; // by slot
  private final boolean[] inT2; // by slot; what has a key and is not in T2 is in T1
  private final SeenHits hits;
  private final GhostKeys b1 = new GhostKeys();
  private final GhostKeys b2 = new GhostKeys();
  private double p;

  public Arc(int slotCount) {
    c = slotCount;
    keys = new @Nullable CryptoKey[slotCount];
    inT2 = new boolean[slotCount];
    hits = new SeenHits(slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    moveHitsToT2(slots);
    double itsP = targetFor(incoming);
    int t1 = listLength(false);
    boolean fromT2 = !(t1 > 0 && (t1 > itsP || t1 == itsP && b2.contains(incoming)));
    int victim = IdleChoice.longest(slots, slot -> inT2[slot] == fromT2);
    return victim != NONE ? victim : IdleChoice.longest(slots, slot -> inT2[slot] != fromT2);
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    p = targetFor(key);
    CryptoKey overwritten = keys[slot];
    if (overwritten != null) {
      (inT2[slot] ? b2 : b1).add(overwritten);
    }
    boolean fromB1 = b1.remove(key);
    boolean fromB2 = b2.remove(key);
    keys[slot] = key;
    inT2[slot] = fromB1 || fromB2;
    hits.skip(slots, slot);
    b1.trimTo(c - listLength(false));
    b2.trimTo(2 * c - listLength(false) - b1.size() - listLength(true));
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    b1.remove(key);
    b2.remove(key);
    if (slot != NONE) {
      keys[slot] = null;
      inT2[slot] = false;
    }
  }

  private void moveHitsToT2(SlotView slots) {
    for (int slot = 0; slot < c; slot++) {
      if (hits.newHits(slots, slot) > 0 && keys[slot] != null) {
        inT2[slot] = true;
      }
    }
  }

  /** The p that a request for {@code key}, which is in no slot, leads to. */
  private double targetFor(CryptoKey key) {
    if (b1.contains(key)) {
      return Math.min(c, p + Math.max(1, (double) b2.size() / b1.size()));
    }
    if (b2.contains(key)) {
      return Math.max(0, p - Math.max(1, (double) b1.size() / b2.size()));
    }
    return p;
  }

  private int listLength(boolean t2) {
    int length = 0;
    for (int slot = 0; slot < c; slot++) {
      if (keys[slot] != null && inT2[slot] == t2) {
        length++;
      }
    }
    return length;
  }
}
