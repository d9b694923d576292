package blockdev.queue.layer;

import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.WrappedKeyCompletion;
import inlinecrypt.keyslot.WrappedKeyDevice;
import inlinecrypt.keyslot.WrappedKeyOperation;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What the slotless profile of a layer does: it hands all calls on to the devices below ({@code
 * dm_keyslot_evict} and the operations on wrapped keys beside it in {@code drivers/md/dm-table.c}).
 */
final class MappedKeys implements KeyslotDevice, WrappedKeyDevice {
  private static final byte[] NO_OUTPUT = {};

  private final BlkCrypto crypto;
  private final Supplier<List<BlockDevice>> devices; // below, at the moment
  private final Supplier<List<BlockDevice>> everBelow; // which may all have keys in their slots

  MappedKeys(
      BlkCrypto crypto,
      Supplier<List<BlockDevice>> devices,
      Supplier<List<BlockDevice>> everBelow) {
    this.crypto = crypto;
    this.devices = devices;
    this.everBelow = everBelow;
  }

  @Override
  public void program(int slot, CryptoKey key, KeyslotCompletion done) {
    throw new UnsupportedOperationException("a layer has no slots, was told of slot " + slot);
  }

  /** Asks every device, whatever the others answer; the answer is OK when all have answered. */
  @Override
  public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    List<BlockDevice> asked = everBelow.get();
    AtomicInteger unanswered = new AtomicInteger(asked.size());
    for (BlockDevice device : asked) {
      crypto.evict(
          device,
          key,
          result -> {
            if (unanswered.decrementAndGet() == 0) {
              done.done(Errno.OK);
            }
          });
    }
  }

  @Override
  public WrappedKeyDevice wrappedKeys() {
    return this;
  }

  /** The devices below say for themselves what they have. */
  @Override
  public boolean has(WrappedKeyOperation operation) {
    return true;
  }

  /**
   * Tries one device after the other until one can do it; else the answer is that of the last.
   * Linux goes on after a success too where that is a size and not 0, and so returns the last
   * device's blob; we stop.
   */
  @Override
  public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
    tryNext(devices.get().iterator(), operation, input, Errno.EOPNOTSUPP, NO_OUTPUT, done);
  }

  private static void tryNext(
      Iterator<BlockDevice> untried,
      WrappedKeyOperation operation,
      byte[] input,
      Errno last,
      byte[] lastOutput,
      WrappedKeyCompletion done) {
    if (!untried.hasNext()) {
      done.done(last, lastOutput);
      return;
    }
    untried
        .next()
        .wrappedKeys()
        .perform(
            operation,
            input,
            (result, output) -> {
              if (result == Errno.OK) {
                done.done(result, output);
              } else {
                tryNext(untried, operation, input, result, output, done);
              }
            });
  }
}
