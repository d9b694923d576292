package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO: a small queue S for new keys, a main queue M for those that were hit more than once
 * while in S, and a ghost queue G of keys that fell out of S and enter M when they come back. Keys
 * of M that were hit get another round, at most three.
 *
 * <p>J. Yang, Y. Zhang, Z. Qiu, Y. Yue, R. Vinayak: FIFO queues are all you need for cache
 * eviction. SOSP 2023. S has a tenth of the slots, at least one; G remembers as many keys as M has
 * slots. Counts are read at misses only, so seeing hits late loses nothing. A slot in use is passed
 * over and keeps its place; where a whole queue is in use, the other one gives a slot.
 */
public final class S3Fifo implements ReplacementPolicy {
  private static final int SMALL_SHARE = 10; // one in so many slots
  private static final int MAX_HITS = 3; // two bits
  private static final int HITS_TO_STAY = 2;

  private final int smallSlots;
  private final int mainSlots;
  private final SlotQueue small;
  private final SlotQueue main;
  private final GhostKeys ghosts = new GhostKeys();
  private final @Nullable CryptoKey[] keys; // by slot
  private final SeenHits seenHits;
  private final int[] hits; // by slot, those that still count

  public S3Fifo(int slotCount) {
    smallSlots = Math.max(1, slotCount / SMALL_SHARE);
    mainSlots = slotCount - smallSlots;
    small = new SlotQueue(slotCount);
    main = new SlotQueue(slotCount);
    keys = new @Nullable CryptoKey[slotCount];
    seenHits = new SeenHits(slotCount);
    hits = new int[slotCount];
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    countHits(slots);
    int slot = small.size() < smallSlots ? fromMain(slots) : NONE;
    if (slot == NONE) {
      slot = fromSmall(slots);
    }
    return slot == NONE ? fromMain(slots) : slot;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    CryptoKey overwritten = keys[slot];
    if (overwritten != null && small.contains(slot)) {
      ghosts.add(overwritten);
      ghosts.trimTo(mainSlots);
    }
    leave(slot);
    boolean remembered = ghosts.remove(key);
    (remembered ? main : small).add(slot);
    keys[slot] = key;
    seenHits.skip(slots, slot);
    hits[slot] = 0;
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    ghosts.remove(key);
    if (slot != NONE) {
      leave(slot);
      keys[slot] = null;
    }
  }

  private void countHits(SlotView slots) {
    for (int slot = 0; slot < hits.length; slot++) {
      long newHits = seenHits.newHits(slots, slot);
      if (newHits > 0) {
        hits[slot] = (int) Math.min(MAX_HITS, hits[slot] + newHits);
      }
    }
  }

  /** The oldest of S that was hit at most once; the others on the way go over to M. */
  private int fromSmall(SlotView slots) {
    int slot = small.first();
    while (slot != NONE) {
      int after = small.after(slot);
      if (slots.isIdle(slot)) {
        if (hits[slot] < HITS_TO_STAY) {
          return slot;
        }
        small.remove(slot);
        main.add(slot);
        hits[slot] = 0;
        if (small.size() < smallSlots) { // So M has more than its share.
          return fromMain(slots);
        }
      }
      slot = after;
    }
    return NONE;
  }

  /** The oldest of M without hits left; the others on the way pay with one and are the newest. */
  private int fromMain(SlotView slots) {
    int slot = main.firstIdle(slots);
    while (slot != NONE && hits[slot] > 0) {
      hits[slot]--;
      main.remove(slot);
      main.add(slot);
      slot = main.firstIdle(slots);
    }
    return slot;
  }

  private void leave(int slot) {
    small.remove(slot);
    main.remove(slot);
  }
}
