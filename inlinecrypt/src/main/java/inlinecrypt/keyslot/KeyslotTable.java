package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which slot holds which key, how many borrow it, and which slots are idle.
 *
 * <p>All methods need the manager's mutex, except where they say otherwise.
 */
final class KeyslotTable {
  static final int NONE = IdleSlots.NONE;

  /*
   * How a hit does without the mutex. A slot's key changes only while nobody borrows the slot (it
   * may also become null while borrowed, by the eviction of a busy key), and the borrowers go
   * between 0 and 1 only under the mutex. So whoever raises the count of a busy slot from n >= 1
   * and then finds the right key there has the slot, however it was found; the walk along the hash
   * chain may therefore be as racy as it likes, as long as it ends.
   *
   * Borrowers and hits of a slot share one long, so that one compare-and-set counts both:
   *
   *      63                                20 19              0
   *     |            hits                    |    borrowers    |
   *
   * Two cache lines (128 bytes) lie between the counts of neighbouring slots, and before the first
   * one, since the array's length sits there and each access reads it.
   */
  private static final int BORROWER_BITS = 20;
  private static final long BORROWER_MASK = (1L << BORROWER_BITS) - 1;
  private static final long ONE_BORROWER = 1;
  private static final long ONE_HIT = 1L << BORROWER_BITS;
  private static final int COUNTS_SHIFT = 4; // 16 longs for each slot

  private final AtomicLongArray counts;
  private final AtomicReferenceArray<@Nullable CryptoKey> keys; // by slot
  private final @Nullable CryptoKey[] evictedWhileBusy; // by slot
  private final int[] buckets; // first slot of each hash chain
  private final int[] nextInBucket; // by slot
  private final IdleSlots idle;

  KeyslotTable(int slotCount) {
    counts = new AtomicLongArray((slotCount + 1) << COUNTS_SHIFT);
    keys = new AtomicReferenceArray<>(slotCount);
    evictedWhileBusy = new @Nullable CryptoKey[slotCount];
    int bucketCount = Math.max(2, Integer.highestOneBit(Math.max(1, 2 * slotCount - 1)));
    buckets = new int[bucketCount];
    Arrays.fill(buckets, NONE);
    nextInBucket = new int[slotCount];
    idle = new IdleSlots(slotCount);
  }

  int slotCount() {
    return keys.length();
  }

  /** The slot that holds {@code key}, or {@link #NONE}. A guess without the mutex. */
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

  /**
   * Counts a hit and a borrower of {@code slot}, unless nobody borrows it now. Needs no mutex. Only
   * if {@link #holds} is true afterwards is it a hit.
   */
  boolean borrowBusy(int slot) {
    int index = countsIndex(slot);
    long seen = counts.getPlain(index);
    while ((seen & BORROWER_MASK) != 0) {
      long witness = counts.compareAndExchange(index, seen, seen + ONE_HIT + ONE_BORROWER);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Whether {@code key} is in {@code slot}. Needs no mutex if the caller borrows the slot. */
  boolean holds(int slot, CryptoKey key) {
    return keys.get(slot) == key;
  }

  /** Takes back one borrower, unless it is the only one. Needs no mutex. */
  boolean returnShared(int slot) {
    int index = countsIndex(slot);
    long seen = counts.getPlain(index);
    while ((seen & BORROWER_MASK) > 1) {
      long witness = counts.compareAndExchange(index, seen, seen - ONE_BORROWER);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Counts a hit and a borrower of the slot that holds {@code key}; {@link #NONE} if none does. */
  int borrow(CryptoKey key) {
    int slot = find(key);
    if (slot != NONE
        && (counts.getAndAdd(countsIndex(slot), ONE_HIT + ONE_BORROWER) & BORROWER_MASK) == 0) {
      idle.remove(slot);
    }
    return slot;
  }

  /**
   * Takes back one borrower; true if that made the slot idle.
   *
   * @throws IllegalStateException if it has none
   */
  boolean giveBack(int slot) {
    int index = countsIndex(slot);
    if ((counts.get(index) & BORROWER_MASK) == 0) {
      throw new IllegalStateException("slot " + slot + " is not borrowed");
    }
    if ((counts.addAndGet(index, -ONE_BORROWER) & BORROWER_MASK) != 0) {
      return false;
    }
    idle.add(slot);
    CryptoKey evicted = evictedWhileBusy[slot];
    if (evicted != null) {
      evictedWhileBusy[slot] = null;
      evicted.endUse();
    }
    return true;
  }

  /** Uncounts a hit that {@link #borrowBusy} counted for another key. Needs no mutex. */
  void uncountHit(int slot) {
    counts.getAndAdd(countsIndex(slot), -ONE_HIT);
  }

  /** The slot to program next, or {@link #NONE}. */
  int longestIdle() {
    return idle.longest();
  }

  /**
   * Notes that the idle {@code slot} was programmed with {@code key} and has one borrower. The
   * caller's use of {@code key} becomes the slot's.
   */
  void install(int slot, CryptoKey key) {
    CryptoKey overwritten = keys.getPlain(slot);
    if (overwritten != null) {
      remove(slot, overwritten);
      overwritten.endUse();
    }
    keys.set(slot, key);
    int bucket = bucket(key);
    nextInBucket[slot] = buckets[bucket];
    buckets[bucket] = slot;
    idle.remove(slot);
    counts.getAndAdd(countsIndex(slot), ONE_BORROWER);
  }

  /**
   * Forgets that {@code slot} holds {@code key}. The slot's use of the key ends now, or with its
   * last borrower.
   */
  void forget(int slot, CryptoKey key) {
    remove(slot, key);
    if (borrowers(slot) == 0) {
      key.endUse();
    } else {
      evictedWhileBusy[slot] = key;
    }
  }

  int borrowers(int slot) {
    return (int) (counts.get(countsIndex(slot)) & BORROWER_MASK);
  }

  @Nullable CryptoKey key(int slot) {
    return keys.get(slot);
  }

  int[] idleSlots() {
    return idle.toArray();
  }

  /** Acquisitions that found their key in a slot. Needs no mutex. */
  long hits() {
    long hits = 0;
    for (int slot = 0; slot < slotCount(); slot++) {
      hits += counts.get(countsIndex(slot)) >>> BORROWER_BITS;
    }
    return hits;
  }

  private void remove(int slot, CryptoKey key) {
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

  private static int countsIndex(int slot) {
    return (slot + 1) << COUNTS_SHIFT;
  }
}
