package bench.workload;

import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Simulated keys, numbered from 0. Their bytes come from a seed: good for experiments, never for
 * data.
 */
public final class KeySet implements AutoCloseable {
  private static final int DUN_BYTES = 4;

  private final CryptoKey[] keys;

  public KeySet(int count, long seed) {
    CryptoConfig config =
        new CryptoConfig(CryptoMode.AES_256_XTS, ExtentWorkload.IO_BYTES, DUN_BYTES);
    Random random = new Random(~seed); // other bytes than those that choose the I/Os
    byte[] raw = new byte[config.mode().keyBytes()];
    keys = new CryptoKey[count];
    try {
      for (int number = 0; number < count; number++) {
        random.nextBytes(raw);
        keys[number] = new CryptoKey(config, raw);
      }
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
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
  public void evictFrom(KeyslotManager keyslots, HardwareQueue queue) {
    WaitPoint evicted = new WaitPoint();
    for (int number = 0; number < keys.length; number++) {
      boolean last = number == keys.length - 1;
      keyslots.evict(
          keys[number],
          result -> {
            if (last) { // evictions are answered in order
              evicted.signal();
            }
          });
    }
    queue.await(evicted);
  }

  /** Wipes the keys, which must have been evicted. */
  @Override
  public void close() {
    for (CryptoKey key : keys) {
      key.close();
    }
  }
}
