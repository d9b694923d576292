package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplacementPolicy} may know of the slots at the instant when it is asked. Numbers
 * called <em>ticks</em> come from one counter that only grows.
 */
public interface SlotView {
  int slotCount();

  /** Whether no request holds the slot. */
  boolean isIdle(int slot);

  /** The key in the slot, or null. */
  @Nullable CryptoKey key(int slot);

  /** The tick at which the slot last became idle; for a slot never used, before all others. */
  long idleSinceTick(int slot);

  /** Acquisitions of the slot that found their key in it, since the slots were made. */
  long hits(int slot);
}
