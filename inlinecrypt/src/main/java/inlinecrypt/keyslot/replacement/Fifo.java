package inlinecrypt.keyslot.replacement;

import static inlinecrypt.keyslot.replacement.IdleChoice.NONE;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;

/**
 * First in, first out: the key that has been in its slot longest goes, used or not.
 *
 * <p>L. A. Belady: A study of replacement algorithms for a virtual-storage computer. IBM Systems
 * Journal 5 (2), 1966. Hits do not matter. A slot in use is passed over and keeps its place.
 */
public final class Fifo implements ReplacementPolicy {
  private final SlotQueue queue;

  public Fifo(int slotCount) {
    queue = new SlotQueue(slotCount);
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int empty = IdleChoice.empty(slots);
    return empty != NONE ? empty : queue.firstIdle(slots);
  }

  @Override
  public void installed(SlotView slots, int slot, CryptoKey key) {
    queue.remove(slot);
    queue.add(slot);
  }
}
