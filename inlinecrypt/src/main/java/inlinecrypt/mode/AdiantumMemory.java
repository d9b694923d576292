package inlinecrypt.mode;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory that Adiantum works in during a call. It is large, so the ciphers share it: a cipher goes
 * back to the memory that it had before, where its NH key still lies, unless another has taken that
 * over because all are in use. There are at most {@value #COUNT}, made when needed and kept for the
 * life of the program.
 *
 * <p>What a cipher leaves is wiped when another takes over, and when that cipher closes.
 */
final class AdiantumMemory {
  private static final int COUNT = 32;
  private static final AtomicReferenceArray<@Nullable AdiantumMemory> ALL =
      new AtomicReferenceArray<>(COUNT);
  private static final AtomicInteger NEXT = new AtomicInteger(); // to be taken over

  final ChaChaLanes lanes = new ChaChaLanes();
  final NhHash nh = new NhHash();
  private final AtomicBoolean taken = new AtomicBoolean(true);
  private volatile @Nullable Adiantum owner; // written by whoever has taken it

  private AdiantumMemory() {}

  /**
   * Takes a memory for one call, the caller's if it still has one; {@link #release} gives it back.
   *
   * @param last that {@code owner} had in its last call
   */
  static AdiantumMemory take(Adiantum owner, @Nullable AdiantumMemory last) {
    if (last != null && last.owner == owner && last.taken.compareAndSet(false, true)) {
      return last;
    }
    AdiantumMemory free = unowned();
    while (free == null) {
      free = anyFree();
      if (free == null) {
        Thread.yield(); // Never long: it is taken for one call.
      }
    }
    return free;
  }

  void release() {
    taken.set(false);
  }

  boolean belongsTo(Adiantum cipher) {
    return owner == cipher;
  }

  /** Wipes what the last owner left. */
  void passTo(@Nullable Adiantum cipher) {
    lanes.wipe();
    nh.wipe();
    owner = cipher;
  }

  /** Wipes all that {@code owner}, which takes none any more, has left somewhere. */
  static void wipeAllOf(Adiantum owner) {
    for (int i = 0; i < COUNT; i++) {
      AdiantumMemory memory = ALL.get(i);
      if (memory == null) {
        continue;
      }
      while (memory.owner == owner) {
        if (memory.taken.compareAndSet(false, true)) {
          if (memory.owner == owner) {
            memory.passTo(null);
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
