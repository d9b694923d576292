package inlinecrypt.keyslot.replacement;

import inlinecrypt.keyslot.SlotView;

/** Tells a policy how often a slot was hit since it last looked. */
final class SeenHits {
  private final long[] seen; // by slot

  SeenHits(int slotCount) {
    seen = new long[slotCount];
  }

  /** Hits of {@code slot} since the last call for it. */
  long newHits(SlotView slots, int slot) {
    long hits = slots.hits(slot);
    long grown = hits - seen[slot];
    seen[slot] = hits;
    return grown;
  }

  /** Overlooks what hit {@code slot} so far: that was for another key. */
  void skip(SlotView slots, int slot) {
    seen[slot] = slots.hits(slot);
  }
}
