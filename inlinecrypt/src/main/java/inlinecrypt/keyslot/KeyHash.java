package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which key is in which slot, with the way back from a key to its slot. Changes need the manager's
 * mutex; so does an answer that must be right.
 */
final class KeyHash {
  static final int NONE = -1;

  private final AtomicReferenceArray<@Nullable CryptoKey> keys; // by slot
  private final int[] buckets; // first slot of each chain
  private final int[] nextInBucket; // by slot

  KeyHash(int slotCount) {
    keys = new AtomicReferenceArray<>(slotCount);
    int bucketCount = Math.max(2, Integer.highestOneBit(Math.max(1, 2 * slotCount - 1)));
    buckets = new int[bucketCount];
    Arrays.fill(buckets, NONE);
    nextInBucket = new int[slotCount];
  }

  /**
   * The slot that holds {@code key}, or {@link #NONE}. Without the mutex this is a guess, for it
   * may walk chains that are being changed; it ends all the same.
   */
  int find(CryptoKey key) {
    int slot = buckets[bucket(key)];
    for (int steps = 0; slot != NONE && steps < nextInBucket.length; steps++) {
      if (keys.getPlain(slot) == key) {
        return slot;
      }
      slot = nextInBucket[slot];
    }
    return NONE;
  }

  @Nullable CryptoKey key(int slot) {
    return keys.get(slot);
  }

  /** Puts {@code key} into {@code slot}, which is empty. */
  void put(int slot, CryptoKey key) {
    keys.set(slot, key);
    int bucket = bucket(key);
    nextInBucket[slot] = buckets[bucket];
    buckets[bucket] = slot;
  }

  /** Empties {@code slot}, which holds {@code key}. */
  void remove(int slot, CryptoKey key) {
    keys.set(slot, null);
    int bucket = bucket(key);
    if (buckets[bucket] == slot) {
      buckets[bucket] = nextInBucket[slot];
      return;
    }
    int before = buckets[bucket];
    while (nextInBucket[before] != slot) {
      before = nextInBucket[before];
    }
    nextInBucket[before] = nextInBucket[slot];
  }

  private int bucket(CryptoKey key) {
    return System.identityHashCode(key) & (buckets.length - 1);
  }
}
