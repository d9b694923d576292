package inlinecrypt.mode;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory that Adiantum works in during a call. It is large, so the ciphers share it: a cipher goes
 * back to the memory that it had before, where its NH key still lies, unless another has taken that
 * over because none is without an owner. There are at most {@value #COUNT}, made when needed and
 * kept for the life of the program.
 *
 * <p>What a cipher leaves is wiped when another takes over, and when that cipher closes.
 */
final class AdiantumMemory {
  static final int COUNT = 32;

  private static final AtomicReferenceArray<@Nullable AdiantumMemory> ALL =
      new AtomicReferenceArray<>(COUNT);
  private static final AtomicInteger NEXT = new AtomicInteger(); // to be taken over

  final ChaChaLanes lanes = new ChaChaLanes();
  final NhHash nh = new NhHash();
  private final AtomicBoolean taken = new AtomicBoolean(true);
  private volatile @Nullable Adiantum owner; // of what lies here; written by whoever has taken it
  private boolean keyed; // with all of the owner's NH key

  private AdiantumMemory() {}

  /**
   * Takes a memory for one call, {@code last} if {@code cipher} still owns it; {@link #release}
   * gives it back. Where all are taken it yields until one is free, which is never long.
   *
   * @param last that {@code cipher} had in its last call
   */
  static AdiantumMemory take(Adiantum cipher, @Nullable AdiantumMemory last) {
    if (last != null && last.owner == cipher && last.taken.compareAndSet(false, true)) {
      return last;
    }
    AdiantumMemory free = unowned();
    while (free == null) {
      free = anyFree();
      if (free == null) {
        Thread.yield();
      }
    }
    return free;
  }

  void release() {
    taken.set(false);
  }

  /** Makes {@code cipher} the owner; what another has left is wiped first. */
  void own(Adiantum cipher) {
    if (owner != cipher) {
      wipe();
      owner = cipher;
    }
  }

  /** The same, and puts its NH key into {@link #nh} unless it still lies there. */
  void key(Adiantum cipher, byte[] nhKey) {
    own(cipher);
    if (!keyed) {
      nh.key(nhKey, 0);
      keyed = true;
    }
  }

  /** Wipes what lies here, which then has no owner. */
  void wipe() {
    keyed = false;
    lanes.wipe();
    nh.wipe();
    owner = null;
  }

  /** Wipes all that {@code cipher}, which takes none any more, has left somewhere. */
  static void wipeAllOf(Adiantum cipher) {
    for (int i = 0; i < COUNT; i++) {
      AdiantumMemory memory = ALL.get(i);
      if (memory == null) {
        continue;
      }
      while (memory.owner == cipher) {
        if (memory.taken.compareAndSet(false, true)) {
          if (memory.owner == cipher) {
            memory.wipe();
          }
          memory.release();
        } else {
          Thread.yield(); // Somebody takes it over.
        }
      }
    }
  }

  private static @Nullable AdiantumMemory unowned() {
    for (int i = 0; i < COUNT; i++) {
      AdiantumMemory memory = ALL.get(i);
      if (memory == null) {
        AdiantumMemory made = new AdiantumMemory();
        if (ALL.compareAndSet(i, null, made)) {
          return made;
        }
      } else if (memory.owner == null && memory.taken.compareAndSet(false, true)) {
        return memory;
      }
    }
    return null;
  }

  private static @Nullable AdiantumMemory anyFree() {
    int from = NEXT.getAndIncrement();
    for (int i = 0; i < COUNT; i++) {
      AdiantumMemory memory = ALL.get(Math.floorMod(from + i, COUNT));
      if (memory != null && memory.taken.compareAndSet(false, true)) {
        return memory;
      }
    }
    return null;
  }
}
