package blockdev.queue;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.WrappedKeys;

/** A block device as its users see it: a queue over a driver, or a layer over other devices. */
public interface BlockDevice {
  QueueLimits limits();

  /** Sectors of 512 bytes. */
  long capacitySectors();

  /** What the device itself can encrypt. */
  CryptoProfile profile();

  /**
   * The calling thread's way in, always the same one.
   *
   * @throws IllegalStateException if more threads ask at a time than the device has ways in
   */
  default BioSubmitter submitter() {
    return submitter(threads().current());
  }

  /** The way in of {@code thread}, always the same one. */
  BioSubmitter submitter(IoThread thread);

  /** The threads that have a way in; the same for all devices of a simulation. */
  IoThreads threads();

  /**
   * Makes the device's own profile forget {@code key} ({@code __blk_crypto_evict_key}); see {@link
   * inlinecrypt.keyslot.KeyslotManager#evict}.
   */
  void evict(CryptoKey key, KeyslotCompletion done);

  /** What else the device's own profile does with hardware-wrapped keys. */
  WrappedKeys wrappedKeys();

  /** Where the pages of bios come from. */
  HostMemory memory();

  Tracer tracer();
}
