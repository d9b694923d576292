package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which slot holds which key, how many borrow it, since when those without borrowers are idle, and
 * how long the others were busy.
 *
 * <p>{@link #borrow} and {@link #giveBack} need no lock; all else needs the manager's mutex. Claims
 * belong to the hardware section, one at a time.
 */
final class KeyslotTable {
  static final int NONE = KeyHash.NONE;

  /*
   * The protocol. Each slot has one word, and whatever happens to the slot is a compare-and-set of
   * that word (but a claim ends by a write, since nobody else sets the word of a claimed slot):
   *
   *      63                        22     21        20    19              0
   *     |          turns             | orphaned | claimed |    borrowers    |
   *
   *   idle      no borrower. A hit makes it busy, a claim claims it.
   *   busy      has borrowers. They come (hits) and go; the last one to go makes it idle.
   *   claimed   by the holder of the hardware section, who is about to overwrite or evict it: no
   *             hit takes it. Ends as busy with a new key, or as idle.
   *   orphaned  busy, and its key was evicted: no hit takes it, and the last borrower to go ends
   *             the slot's use of that key.
   *
   * A hit reads the word, then the slot's key, then sets the word. Turns make that safe: each hit
   * and each claim counts one, so an idle or busy word that has changed never comes back with another
   * key, which a slot gets only while claimed. If the word can be set, the key is still the one that
   * was read. A hit that found another key in the slot has therefore touched nothing, and how the
   * slot was found does not matter: the lookup may be as racy as it likes.
   *
   * The order of idle slots is that of ticks. The only borrower of a slot, before it sets the word to
   * idle, draws a tick from the counter they all share and leaves it beside the word, where nobody
   * else writes. A hit in between fails its compare-and-set: then the slot did not become idle, and
   * whoever is its last borrower draws again. Claims leave the tick alone, so a slot whose
   * programming failed, or that was evicted, keeps its place. A tick is drawn a moment before the
   * slot is idle; LongestIdle and SlotSnapshot make up for that.
   *
   * A hit on a busy slot writes nothing that is shared but the word; one that makes the slot busy,
   * and its release, write also what lies beside the word. Two cache lines (128 bytes) belong to each
   * slot, and to the shared tick; the array's length, which each access reads, has its own too.
   */
  private static final long BORROWERS = (1L << 20) - 1;
  private static final long ONE_BORROWER = 1;
  private static final long CLAIMED = 1L << 20;
  private static final long ORPHANED = 1L << 21;
  private static final int TURN_BITS_FROM = 22;
  private static final long ONE_TURN = 1L << TURN_BITS_FROM;

  private static final int ROW_SHIFT = 4; // a row is 16 longs
  private static final int IDLE_TICK = 1; // beside the word, in the slot's row
  private static final int BUSY_SINCE_NS = 2;
  private static final int BUSY_NS = 3; // until then

  private final int slotCount;
  private final AtomicLongArray rows; // by slot, from the second on; then that of the next tick
  private final int nextTick;
  private final KeyHash keys;
  private final @Nullable CryptoKey[] orphans; // by slot
  private final long[] claims; // by slot: turns that were no hits
  private final SlotSnapshot snapshot;
  private final LongestIdle longestIdle;
  private final LongSupplier nowNs;
  private final long startNs;
  private final LevelOverTime keyed;

  /** All slots are idle, slot 0 the longest. */
  KeyslotTable(int slotCount, LongSupplier nowNs) {
    this.slotCount = slotCount;
    this.nowNs = nowNs;
    startNs = nowNs.getAsLong();
    keyed = new LevelOverTime(startNs);
    rows = new AtomicLongArray((slotCount + 2) << ROW_SHIFT);
    for (int slot = 0; slot < slotCount; slot++) {
      rows.setPlain(row(slot) + IDLE_TICK, slot);
    }
    nextTick = row(slotCount);
    rows.set(nextTick, slotCount);
    keys = new KeyHash(slotCount);
    orphans = new @Nullable CryptoKey[slotCount];
    claims = new long[slotCount];
    snapshot = new SlotSnapshot(this);
    longestIdle = new LongestIdle(this);
  }

  int slotCount() {
    return slotCount;
  }

  /**
   * Borrows the slot that holds {@code key}, and counts a hit; {@link #NONE} if none does, or,
   * without the mutex, if that is not sure.
   */
  int borrow(CryptoKey key) {
    int slot = keys.find(key);
    if (slot == NONE) {
      return NONE;
    }
    int row = row(slot);
    long word = rows.get(row);
    while ((word & (CLAIMED | ORPHANED)) == 0 && keys.key(slot) == key) {
      if (rows.compareAndSet(row, word, word + ONE_TURN + ONE_BORROWER)) {
        if ((word & BORROWERS) == 0) {
          rows.setOpaque(row + BUSY_SINCE_NS, nowNs.getAsLong());
        }
        return slot;
      }
      word = rows.get(row);
    }
    return NONE;
  }

  /**
   * Takes back one borrower; true if that made the slot idle.
   *
   * @throws IllegalStateException if it has none
   */
  boolean giveBack(int slot) {
    int row = row(slot);
    long word = rows.get(row);
    while (true) {
      long idleWord = word - ONE_BORROWER;
      CryptoKey orphan = null;
      if ((word & BORROWERS) <= ONE_BORROWER) {
        checkBorrowed(slot, word);
        if ((word & ORPHANED) != 0) {
          orphan = orphans[slot];
          orphans[slot] = null;
          idleWord &= ~ORPHANED;
        }
        addBusyTime(row);
        rows.setOpaque(row + IDLE_TICK, rows.getAndIncrement(nextTick));
      }
      if (rows.compareAndSet(row, word, idleWord)) {
        if (orphan != null) {
          orphan.endUse();
        }
        return (idleWord & BORROWERS) == 0;
      }
      word = rows.get(row);
    }
  }

  /** For the only borrower. If it is not the last one, the next adds what follows. */
  private void addBusyTime(int row) {
    long now = nowNs.getAsLong();
    long passedNs = Math.max(0, now - rows.getOpaque(row + BUSY_SINCE_NS));
    rows.setOpaque(row + BUSY_NS, rows.getOpaque(row + BUSY_NS) + passedNs);
    rows.setOpaque(row + BUSY_SINCE_NS, now);
  }

  private static void checkBorrowed(int slot, long word) {
    if ((word & BORROWERS) == 0) {
      throw new IllegalStateException("slot " + slot + " is not borrowed");
    }
  }

  /** The slot that holds {@code key}, or {@link #NONE}. */
  int find(CryptoKey key) {
    return keys.find(key);
  }

  /** Claims the idle slot that {@code policy} chooses for {@code incoming}, or {@link #NONE}. */
  int claimVictim(ReplacementPolicy policy, CryptoKey incoming) {
    if (policy.takesLongestIdle()) {
      return claimLongestIdle();
    }
    while (snapshot.take()) {
      int slot = policy.victim(snapshot, incoming);
      if (slot < 0 || slot >= slotCount || !snapshot.isIdle(slot)) {
        throw new IllegalStateException(
            policy.getClass().getSimpleName() + " chose slot " + slot + ", which is not idle");
      }
      if (claim(slot, snapshot.word(slot))) {
        return slot;
      }
    }
    return NONE;
  }

  private int claimLongestIdle() {
    int slot = longestIdle.find();
    while (slot != NONE && !claim(slot, longestIdle.word())) {
      slot = longestIdle.find();
    }
    return slot;
  }

  /**
   * Forgets that {@code slot} holds {@code key}, and claims the slot; true if that is done. If the
   * slot has borrowers it is not, and the slot's use of the key ends with the last of them.
   */
  boolean forgetAndClaim(int slot, CryptoKey key) {
    keyed.add(-1, nowNs.getAsLong());
    keys.remove(slot, key); // First: then nobody can borrow an orphan that has just become idle.
    int row = row(slot);
    while (true) {
      long word = rows.get(row);
      if ((word & BORROWERS) == 0) {
        orphans[slot] = null;
        if (claim(slot, word)) {
          return true;
        }
      } else {
        orphans[slot] = key;
        if (rows.compareAndSet(row, word, word | ORPHANED)) {
          return false;
        }
      }
    }
  }

  private boolean claim(int slot, long word) {
    boolean claimed = rows.compareAndSet(row(slot), word, word + ONE_TURN | CLAIMED);
    if (claimed) {
      claims[slot]++;
    }
    return claimed;
  }

  /** Lets the claimed {@code slot} be idle again, with the key and at the place that it has. */
  void unclaim(int slot) {
    int row = row(slot);
    rows.set(row, rows.get(row) & ~CLAIMED);
  }

  /**
   * Notes that the claimed {@code slot} was programmed with {@code key} and has one borrower. The
   * caller's use of {@code key} becomes the slot's.
   */
  void install(int slot, CryptoKey key) {
    CryptoKey overwritten = keys.key(slot);
    if (overwritten != null) {
      keys.remove(slot, overwritten);
      overwritten.endUse();
    } else {
      keyed.add(1, nowNs.getAsLong());
    }
    keys.put(slot, key);
    int row = row(slot);
    rows.setOpaque(row + BUSY_SINCE_NS, nowNs.getAsLong());
    rows.set(row, (rows.get(row) & ~CLAIMED) + ONE_BORROWER);
  }

  int borrowers(int slot) {
    return (int) (word(slot) & BORROWERS);
  }

  @Nullable CryptoKey key(int slot) {
    return keys.key(slot);
  }

  /** The slots as they were when a victim was chosen, but {@code slot} as it is now. */
  SlotView snapshotOf(int slot) {
    snapshot.retake(slot);
    return snapshot;
  }

  /** The slots as they are now. */
  SlotView snapshot() {
    snapshot.take();
    return snapshot;
  }

  SlotsInUse slotsInUse() {
    return new SlotsInUse(keyed.level(), busy());
  }

  private int busy() {
    int busy = 0;
    for (int slot = 0; slot < slotCount; slot++) {
      busy += isBorrowed(word(slot)) ? 1 : 0;
    }
    return busy;
  }

  SlotOccupancy occupancy() {
    long now = nowNs.getAsLong();
    long busyNs = 0;
    for (int slot = 0; slot < slotCount; slot++) {
      int row = row(slot);
      busyNs += rows.getOpaque(row + BUSY_NS);
      if (isBorrowed(rows.get(row))) {
        busyNs += Math.max(0, now - rows.getOpaque(row + BUSY_SINCE_NS));
      }
    }
    return new SlotOccupancy(Math.max(0, now - startNs), keyed.sumAt(now), keyed.max(), busyNs);
  }

  /** Acquisitions that found their key in a slot. */
  long hits() {
    long hits = 0;
    for (int slot = 0; slot < slotCount; slot++) {
      hits += hits(slot, word(slot));
    }
    return hits;
  }

  long hits(int slot, long word) {
    return (word >>> TURN_BITS_FROM) - claims[slot];
  }

  long word(int slot) {
    return rows.get(row(slot));
  }

  static boolean isBorrowed(long word) {
    return (word & BORROWERS) != 0;
  }

  /** When {@code slot} became idle, if it is; may be ahead of that if it has a borrower. */
  long idleTick(int slot) {
    return rows.getOpaque(row(slot) + IDLE_TICK);
  }

  /** The tick that will be drawn next. */
  long nextTick() {
    return rows.get(nextTick);
  }

  /** Draws {@code tick}, unless somebody else did. */
  boolean drawTick(long tick) {
    return rows.compareAndSet(nextTick, tick, tick + 1);
  }

  private static int row(int slot) {
    return (slot + 1) << ROW_SHIFT;
  }
}
