package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplacementPolicy} may know of the slots: as they are when it is called, and steady
 * until it returns. Numbers called <em>ticks</em> come from one counter that only grows.
 */
public interface SlotView {
  int slotCount();

  /** Whether no request holds the slot. */
  boolean isIdle(int slot);

  /** The key in the slot, or null. */
  @Nullable CryptoKey key(int slot);

  /**
   * The tick at which the idle slot became so; for slots never used, before all others and by
   * index. Slots that became idle at the same time, on several threads, may have the same.
   */
  long idleSinceTick(int slot);

  /** Acquisitions of the slot that found their key in it, since the slots were made. */
  long hits(int slot);
}
