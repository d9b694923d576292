package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Like W-TinyLFU: new keys come into a small window, LRU; the key that has to leave it is admitted
 * to the main part only if it was used more often lately than the one that would make room there.
 * The main part is a segmented LRU: what is hit on probation becomes protected.
 *
 * <p>G. Einziger, R. Friedman, B. Manes: TinyLFU: a highly efficient cache admission policy. ACM
 * Transactions on Storage 13 (4), 2017. The window has a hundredth of the slots, at least one;
 * protected are at most four fifths of the others.
 *
 * <p>Where it differs. TinyLFU may refuse the new key; here it must get a slot, since its request
 * waits for one. So admission is never asked of the new key but of the window's oldest, and refusal
 * puts the key that has just come in first in line to go. Counts are exact, and halved at the first
 * miss after ten uses for each slot: a sketch would have to hash keys, which have identity only,
 * and would differ from run to run. There is no doorkeeper. Hits are counted at the next miss. All
 * lists have the order of {@link IdleChoice#longest}, so a key that loses protection keeps its age.
 * Where the window is in use it grows by what the main part gives, and the reverse.
 */
public final class WTinyLfu implements ReplacementPolicy {
  private static final int WINDOW_SHARE = 100; // one in so many slots
  private static final int PROTECTED_PERCENT = 80; // of the main part
  private static final int SAMPLE_USES = 10; // for each slot

  private enum Part {
    EMPTY,
    WINDOW,
    PROBATION,
    PROTECTED
  }

  private final int windowSlots;
  private final int protectedSlots;
  private final @Nullable CryptoKey[] keys; // by slot
  private final Part[] parts; // by slot
  private final SeenHits hits;
  private final AgedCounts uses;

  public WTinyLfu(int slotCount) {
    windowSlots = Math.max(1, slotCount / WINDOW_SHARE);
    protectedSlots = (slotCount - windowSlots) * PROTECTED_PERCENT / 100;
    keys = new @Nullable CryptoKey[slotCount];
    parts = new Part[slotCount];
    Arrays.fill(parts, Part.EMPTY);
    hits = new SeenHits(slotCount);
    uses = new AgedCounts((long) SAMPLE_USES * slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    countHits(slots);
    int empty = IdleChoice.empty(slots);
    if (empty != NONE) {
      return empty;
    }
    int candidate = longestIdle(slots, Part.WINDOW);
    int victim = longestIdle(slots, Part.PROBATION);
    if (victim == NONE) {
      victim = longestIdle(slots, Part.PROTECTED);
    }
    if (candidate == NONE || victim == NONE) {
      return Math.max(candidate, victim);
    }
    boolean windowHasRoom = size(Part.WINDOW) < windowSlots;
    return windowHasRoom || uses(candidate) > uses(victim) ? victim : candidate;
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    hits.skip(slots, slot);
    uses.add(key, 1);
    uses.age();
    keys[slot] = key;
    parts[slot] = Part.EMPTY; // Until the window has room for it.
    move(slots, Part.WINDOW, windowSlots - 1, Part.PROBATION);
    parts[slot] = Part.WINDOW;
  }

  @Override
  public void evicted(SlotView slots, int slot, CryptoKey key) {
    uses.forget(key);
    if (slot != NONE) {
      keys[slot] = null;
      parts[slot] = Part.EMPTY;
    }
  }

  private void countHits(SlotView slots) {
    for (int slot = 0; slot < keys.length; slot++) {
      long newHits = hits.newHits(slots, slot);
      CryptoKey key = keys[slot];
      if (newHits > 0 && key != null) {
        uses.add(key, newHits);
        if (parts[slot] == Part.PROBATION) {
          parts[slot] = Part.PROTECTED;
        }
      }
    }
    move(slots, Part.PROTECTED, protectedSlots, Part.PROBATION);
  }

  /** Moves the oldest idle slots, until {@code from} is no larger than {@code size}. */
  private void move(SlotView slots, Part from, int size, Part to) {
    for (int excess = size(from) - size; excess > 0; excess--) {
      int oldest = longestIdle(slots, from);
      if (oldest == NONE) {
        return;
      }
      parts[oldest] = to;
    }
  }

  private int longestIdle(SlotView slots, Part part) {
    return IdleChoice.longest(slots, slot -> parts[slot] == part);
  }

  private int size(Part part) {
    int size = 0;
    for (Part each : parts) {
      if (each == part) {
        size++;
      }
    }
    return size;
  }

  private int uses(int slot) {
    CryptoKey key = keys[slot];
    return key == null ? 0 : uses.count(key);
  }
}
