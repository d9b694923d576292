package inlinecrypt.keyslot;

import inlinecrypt.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rules of keyslots, each call at one instant: what {@link KeyslotLincheckTest} compares. */
public final class AtomicKeyslots {
  static final int SLOTS = 2;
  static final int THREADS = 5;
  static final int BAD_KEY = 3; // cannot be programmed

  /** Answers that are no slots. */
  static final int NOTHING = -1;

  static final int ASLEEP = -2;
  static final int[] REFUSED = {-10, -11}; // by the slot that was tried

  private static final int NO_KEY = -1;

  private final List<Integer> idle = new ArrayList<>();
  private final int[] keys = new int[SLOTS];
  private final int[] borrowers = new int[SLOTS];
  private final List<ArrayDeque<Integer>> held = new ArrayList<>(); // by thread
  private final int[] wanted = new int[THREADS]; // key, by thread
  private final boolean[] woken = new boolean[THREADS];

  public AtomicKeyslots() {
    for (int slot = 0; slot < SLOTS; slot++) {
      idle.add(slot);
    }
    for (int thread = 0; thread < THREADS; thread++) {
      held.add(new ArrayDeque<>());
    }
    Arrays.fill(keys, NO_KEY);
    Arrays.fill(wanted, NO_KEY);
  }

  public int get(int thread, int key) {
    return wanted[thread] == NO_KEY ? tryGet(thread, key) : NOTHING;
  }

  /** What a thread that waits does if it was woken. */
  public int goOn(int thread) {
    if (wanted[thread] == NO_KEY) {
      return NOTHING;
    }
    return woken[thread] ? tryGet(thread, wanted[thread]) : ASLEEP;
  }

  public int put(int thread) {
    Integer slot = held.get(thread).poll();
    if (slot == null) {
      return NOTHING;
    }
    if (--borrowers[slot] == 0) {
      idle.add(slot);
      Arrays.fill(woken, true);
    }
    return slot;
  }

  public Errno evict(int key) {
    int slot = slotOf(key);
    if (slot < 0) {
      return Errno.OK;
    }
    keys[slot] = NO_KEY;
    return borrowers[slot] > 0 ? Errno.EBUSY : Errno.OK;
  }

  private int tryGet(int thread, int key) {
    int slot = slotOf(key);
    if (slot < 0) {
      if (idle.isEmpty()) {
        wanted[thread] = key;
        woken[thread] = false;
        return ASLEEP;
      }
      slot = idle.getFirst();
      if (key == BAD_KEY) {
        wanted[thread] = NO_KEY;
        return REFUSED[slot];
      }
      keys[slot] = key;
    }
    wanted[thread] = NO_KEY;
    borrowers[slot]++;
    idle.remove(Integer.valueOf(slot));
    held.get(thread).add(slot);
    return slot;
  }

  private int slotOf(int key) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (keys[slot] == key) {
        return slot;
      }
    }
    return -1;
  }
}
