package bench.workload;

import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.WrappedKeyOperation;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Simulated keys, numbered from 0. Raw ones come from a seed: good for experiments, never for data.
 */
public final class KeySet implements AutoCloseable {
  private final CryptoKey[] keys;

  private KeySet(CryptoKey[] keys) {
    this.keys = keys;
  }

  public KeySet(CryptoConfig config, int count, long seed) {
    this(new CryptoKey[count]);
    Random random = new Random(~seed); // other bytes than those that choose the I/Os
    byte[] raw = new byte[config.mode().keyBytes()];
    try {
      for (int number = 0; number < count; number++) {
        random.nextBytes(raw);
        keys[number] = new CryptoKey(config, raw);
      }
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /**
   * Keys that {@code device} generates and wraps, one after the other. Takes virtual time.
   *
   * @throws IllegalStateException if the device fails to
   */
  static KeySet wrapped(CryptoConfig config, int count, BlockDevice device) {
    CryptoConfig wrapped = config.withKeyType(KeyType.HARDWARE_WRAPPED);
    CryptoKey[] keys = new CryptoKey[count];
    for (int number = 0; number < count; number++) {
      byte[] longTerm = perform(WrappedKeyOperation.GENERATE, new byte[0], device);
      byte[] ephemeral = perform(WrappedKeyOperation.PREPARE, longTerm, device);
      keys[number] = new CryptoKey(wrapped, ephemeral);
      Arrays.fill(ephemeral, (byte) 0);
      Arrays.fill(longTerm, (byte) 0);
    }
    return new KeySet(keys);
  }

  private static byte[] perform(WrappedKeyOperation operation, byte[] input, BlockDevice device) {
    WaitPoint answered = new WaitPoint();
    byte[][] answer = new byte[1][];
    Errno[] result = {Errno.OK};
    device
        .wrappedKeys()
        .perform(
            operation,
            input,
            (errno, output) -> {
              result[0] = errno;
              answer[0] = output;
              answered.signal();
            });
    device.submitter().await(answered);
    if (result[0] != Errno.OK) {
      throw new IllegalStateException(operation + " of a wrapped key failed: " + result[0]);
    }
    return answer[0];
  }

  CryptoKey key(int number) {
    return keys[number];
  }

  /** The keys of {@code ios}, in their order: a view. */
  public List<CryptoKey> keysOf(
      ExtentWorkload workload, IoSequence ios, KeyGranularity granularity) {
    return new AbstractList<>() {
      @Override
      public CryptoKey get(int index) {
        return key(granularity.keyOf(workload, ios.block(index)));
      }

      @Override
      public int size() {
        return ios.count();
      }
    };
  }

  /** Evicts all keys, which nothing uses any more, so that they can be closed. */
  public void evictFrom(BlkCrypto blkCrypto, BlockDevice device) {
    BioSubmitter waiting = device.submitter();
    WaitPoint evicted = new WaitPoint();
    for (int number = 0; number < keys.length; number++) {
      boolean last = number == keys.length - 1;
      blkCrypto.evict(
          device,
          keys[number],
          result -> {
            if (last) { // evictions are answered in order
              evicted.signal();
            }
          });
    }
    waiting.await(evicted);
  }

  /** Wipes the keys, which must have been evicted. */
  @Override
  public void close() {
    for (CryptoKey key : keys) {
      key.close();
    }
  }
}
