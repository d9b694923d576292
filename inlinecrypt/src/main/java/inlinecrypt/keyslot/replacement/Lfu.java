package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;

/**
 * Least frequently used, with dynamic ageing (LFU-DA): a key's priority is the number of requests
 * since it came in, plus the age of the cache at the last of them; the lowest goes, and its
 * priority is the new age. So a key that was hot once is overtaken by keys that are warm now. Of
 * equals, the one idle longest goes.
 *
 * <p>M. Arlitt, L. Cherkasova, J. Dilley, R. Friedrich, T. Jin: Evaluating content management
 * techniques for web proxy caches. ACM SIGMETRICS Performance Evaluation Review 27 (4), 2000. The
 * age changes at misses only, so hits that are seen at the next miss are still counted at their own
 * age. A slot in use may be passed over for one of higher priority; the age never falls for that.
 */
public final class Lfu implements ReplacementPolicy {
  private final SeenHits hits;
  private final long[] uses; // by slot; 0 without a key
  private final long[] priorities; // by slot
  private long age;

  public Lfu(int slotCount) {
    hits = new SeenHits(slotCount);
    uses = new long[slotCount];
    priorities = new long[slotCount];
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    int lowest = NONE;
    for (int slot = 0; slot < slots.slotCount(); slot++) {
      countHits(slots, slot);
      if (slots.isIdle(slot) && (lowest == NONE || goesBefore(slots, slot, lowest))) {
        lowest = slot;
      }
    }
    return lowest;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    if (uses[slot] > 0) {
      age = Math.max(age, priorities[slot]);
    }
    hits.skip(slots, slot);
    uses[slot] = 1;
    priorities[slot] = 1 + age;
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    if (slot != NONE) {
      uses[slot] = 0;
    }
  }

  private void countHits(SlotView slots, int slot) {
    long newHits = hits.newHits(slots, slot);
    if (newHits > 0) {
      uses[slot] += newHits;
      priorities[slot] = uses[slot] + age;
    }
  }

  private boolean goesBefore(SlotView slots, int slot, int other) {
    return priorities[slot] < priorities[other]
        || priorities[slot] == priorities[other]
            && slots.idleSinceTick(slot) < slots.idleSinceTick(other);
  }
}
