package inlinecrypt.keyslot.replacement;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;

/**
 * The kernel's policy and the default: the slot that has been idle longest, be it empty or not
 * ({@code blk_crypto_get_keyslot} in {@code block/blk-crypto-profile.c}).
 */
public final class Lru implements ReplacementPolicy {
  @Override
  public boolean takesLongestIdle() {
    return true;
  }

  @Override
  public int victim(SlotView slots, CryptoKey incoming) {
    int longest = -1;
    long longestSinceTick = Long.MAX_VALUE;
    for (int slot = 0; slot < slots.slotCount(); slot++) {
      if (slots.isIdle(slot) && slots.idleSinceTick(slot) < longestSinceTick) {
        longest = slot;
        longestSinceTick = slots.idleSinceTick(slot);
      }
    }
    return longest;
  }
}
