package inlinecrypt.keyslot;

import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * The rules of keyslots once more, for one thread, in lists and with numbers for keys and waiters.
 * What it does it notes in the words of {@link KeyslotModelTest}.
 */
final class NaiveKeyslots {
  static final int EMPTY = -1;

  /** How the device takes its n-th call. */
  record Answer(boolean atOnce, Errno result) {}

  private enum Kind {
    READ,
    PROGRAM,
    EVICT,
    REPROGRAM
  }

  private record Arrival(Kind kind, int id, int key, long startNs) {}

  final int[] keys;
  final int[] borrowers;
  final List<Integer> idle = new ArrayList<>();
  final List<String> calls = new ArrayList<>(); // of the device
  final List<String> told = new ArrayList<>(); // to the callers
  final List<Runnable> posts = new ArrayList<>();
  long hits;
  long misses;
  long programs;
  long failedPrograms;
  long evicts;
  long busyEvicts;
  long reprograms;
  long sleeps;
  long wakes;
  long sectionWaits;
  long nowNs;
  private final Histogram waitNs = new Histogram(3_600_000_000_000L, 2);
  private long waitNsTotal;
  private long keyedSlotNs;
  private long busySlotNs;
  private int maxKeyed;
  private final IntFunction<Answer> device;
  private final List<Arrival> queue = new ArrayList<>();
  private final List<Arrival> sleepers = new ArrayList<>();
  private boolean taken;
  private int callCount;
  private Runnable afterCall = () -> {};
  private Errno heldResult = Errno.OK;
  boolean callUnderWay;

  NaiveKeyslots(int slotCount, IntFunction<Answer> device) {
    keys = new int[slotCount];
    Arrays.fill(keys, EMPTY);
    borrowers = new int[slotCount];
    for (int slot = 0; slot < slotCount; slot++) {
      idle.add(slot);
    }
    this.device = device;
  }

  int acquire(int id, int key) {
    if (taken) {
      arrive(new Arrival(Kind.READ, id, key, nowNs));
      return KeyslotManager.PENDING;
    }
    int slot = borrow(key);
    if (slot == EMPTY) {
      arrive(new Arrival(Kind.PROGRAM, id, key, nowNs));
      return KeyslotManager.PENDING;
    }
    return slot;
  }

  void release(int slot) {
    if (--borrowers[slot] == 0) {
      idle.add(slot);
      wakeAll();
    }
  }

  void evict(int id, int key) {
    arrive(new Arrival(Kind.EVICT, id, key, nowNs));
  }

  void reprogramAll(int id) {
    arrive(new Arrival(Kind.REPROGRAM, id, 0, nowNs));
  }

  void answer() {
    callUnderWay = false;
    Runnable next = afterCall;
    next.run();
    serve();
  }

  KeyslotCounters counters() {
    return new KeyslotCounters(
        hits,
        misses,
        programs,
        failedPrograms,
        evicts,
        busyEvicts,
        reprograms,
        sleeps,
        wakes,
        sectionWaits,
        0,
        waitNs.getTotalCount(),
        waitNsTotal,
        waitNs,
        new SlotOccupancy(nowNs, keyedSlotNs, maxKeyed, busySlotNs));
  }

  /** Lets time pass. */
  void pass(long ns) {
    nowNs += ns;
    keyedSlotNs += ns * keyed();
    busySlotNs += ns * busy();
  }

  int keyed() {
    return (int) Arrays.stream(keys).filter(key -> key != EMPTY).count();
  }

  int busy() {
    return keys.length - idle.size();
  }

  private void arrive(Arrival arrival) {
    queue.add(arrival);
    if (taken) {
      sectionWaits++;
    } else {
      taken = true;
      serve();
    }
  }

  private void serve() {
    while (!callUnderWay && taken) {
      while (!queue.isEmpty() && queue.getFirst().kind == Kind.READ) {
        Arrival reader = queue.removeFirst();
        if (!grantHit(reader)) {
          queue.add(new Arrival(Kind.PROGRAM, reader.id, reader.key, reader.startNs));
        }
      }
      if (queue.isEmpty()) {
        taken = false;
      } else {
        serveOne(queue.removeFirst());
      }
    }
  }

  private void serveOne(Arrival arrival) {
    switch (arrival.kind) {
      case READ -> throw new AssertionError("readers went first");
      case PROGRAM -> {
        if (grantHit(arrival)) {
          return;
        }
        if (idle.isEmpty()) {
          sleeps++;
          sleepers.add(arrival);
          return;
        }
        int slot = idle.getFirst();
        programs++;
        call("program " + slot + " K" + arrival.key, () -> programmed(arrival, slot));
      }
      case EVICT -> {
        int slot = slotOf(arrival.key);
        if (slot == EMPTY) {
          told.add("evicted " + arrival.id + " OK");
        } else if (borrowers[slot] > 0) {
          busyEvicts++;
          keys[slot] = EMPTY;
          told.add("evicted " + arrival.id + " EBUSY");
        } else {
          evicts++;
          keys[slot] = EMPTY;
          call(
              "evict " + slot + " K" + arrival.key,
              () -> told.add("evicted " + arrival.id + " " + heldResult));
        }
      }
      case REPROGRAM -> reprogramFrom(0, arrival.id);
    }
  }

  private void programmed(Arrival arrival, int slot) {
    if (heldResult == Errno.OK) {
      misses++;
      keys[slot] = arrival.key;
      borrowers[slot] = 1;
      idle.remove(Integer.valueOf(slot));
      maxKeyed = Math.max(maxKeyed, keyed());
      grant(arrival, slot);
    } else {
      failedPrograms++;
      Errno reason = heldResult;
      posts.add(() -> told.add("refused " + arrival.id + " " + reason));
      wakeAll();
    }
  }

  private void reprogramFrom(int first, int id) {
    int slot = first;
    while (slot < keys.length && keys[slot] == EMPTY) {
      slot++;
    }
    if (slot == keys.length) {
      told.add("reprogrammed " + id + " OK");
      return;
    }
    int found = slot;
    programs++;
    reprograms++;
    call(
        "program " + found + " K" + keys[found],
        () -> {
          if (heldResult != Errno.OK) {
            failedPrograms++;
          }
          reprogramFrom(found + 1, id);
        });
  }

  private void call(String what, Runnable after) {
    calls.add(what);
    Answer answer = device.apply(callCount++);
    heldResult = answer.result;
    if (answer.atOnce) {
      after.run();
    } else {
      afterCall = after;
      callUnderWay = true;
    }
  }

  private boolean grantHit(Arrival arrival) {
    int slot = borrow(arrival.key);
    if (slot != EMPTY) {
      grant(arrival, slot);
    }
    return slot != EMPTY;
  }

  private void grant(Arrival arrival, int slot) {
    long wait = nowNs - arrival.startNs;
    waitNsTotal += wait;
    waitNs.recordValue(wait);
    posts.add(() -> told.add("granted " + arrival.id + " " + slot));
  }

  private int borrow(int key) {
    int slot = slotOf(key);
    if (slot != EMPTY) {
      hits++;
      borrowers[slot]++;
      idle.remove(Integer.valueOf(slot));
    }
    return slot;
  }

  private int slotOf(int key) {
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] == key) {
        return slot;
      }
    }
    return EMPTY;
  }

  private void wakeAll() {
    for (Arrival sleeper : sleepers) {
      wakes++;
      posts.add(() -> arrive(sleeper));
    }
    sleepers.clear();
  }
}
