package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;

/**
 * The device side of keyslots: what a driver implements ({@code struct blk_crypto_ll_ops}).
 *
 * <p>The {@link KeyslotManager} never has two calls under way on one device, and never names a slot
 * with requests in flight (except to program its own key again after a reset). A call may answer
 * before it returns, or at a later instant; it answers exactly once.
 */
public interface KeyslotDevice {
  /**
   * Puts {@code key} into {@code slot}, whatever the slot held before.
   *
   * <p>The key stays open until {@code done} is called with an error, or until the slot has been
   * evicted or programmed with another key. One exception: a key that was evicted while requests
   * used it is open until the last of them ends, and the slot, which nobody evicted, may outlive
   * it.
   */
  void program(int slot, CryptoKey key, KeyslotCompletion done);

  /**
   * Empties {@code slot}, which holds {@code key}. A device without slots is told of the keys its
   * requests brought, with slot -1, and need not listen.
   */
  default void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    if (slot >= 0) {
      throw new UnsupportedOperationException("a device with slots must be able to empty one");
    }
    done.done(Errno.OK);
  }

  /** What else the hardware does with hardware-wrapped keys. */
  default WrappedKeyDevice wrappedKeys() {
    return WrappedKeyDevice.NONE;
  }
}
