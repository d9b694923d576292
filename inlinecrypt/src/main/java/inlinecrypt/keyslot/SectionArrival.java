package inlinecrypt.keyslot;

import org.jspecify.annotations.Nullable;

/** Something that came for the hardware section of a {@link KeyslotManager}. */
abstract sealed class SectionArrival
    permits KeyslotAcquire, EvictCall, ReprogramCall, WrappedKeyCall {
  /** The link of the one {@link ArrivalQueue} it is in. */
  @Nullable SectionArrival next;

  /** Whether the device was resumed for it. */
  boolean holdsPower;

  /** Tells its owner how it went, with no lock held. */
  abstract void deliver();
}
