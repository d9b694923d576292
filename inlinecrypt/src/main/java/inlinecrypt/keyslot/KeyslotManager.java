package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotAcquire.Stage;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lends the few keyslots of one inline-encryption device to the many keys of its requests.
 *
 * <p>A request borrows a slot with {@link #acquire} before it is issued and hands it back with
 * {@link #release} when it completes. A slot with borrowers is <em>busy</em>. A slot without is
 * <em>idle</em>: it keeps its key, so the next request for that key costs nothing, until another
 * key needs the room. A {@link ReplacementPolicy} says which slot that takes: as in Linux the one
 * that has been idle longest, be it empty or not, unless another policy is given. The device is not
 * asked to evict what it overwrites.
 *
 * <p>Keys are compared by identity. A key in a slot, or with a waiter, is in use and cannot be
 * closed; a closed key is refused with {@link IllegalStateException}.
 *
 * <p>A device that may be suspended is resumed for misses, evictions and what {@link WrappedKeys}
 * do; see {@link RuntimePower}.
 *
 * <p>Those three and reprogramming take the <em>hardware section</em>, one at a time and until the
 * device has answered; whatever comes meanwhile queues, lookups too. Nothing ever blocks the
 * calling thread.
 *
 * <p>Thread-safe. Hits take no lock, and neither do releases unless somebody waits for a slot. Hits
 * and misses allocate nothing. Callbacks run with no lock held, and may call back; they must not
 * throw.
 *
 * <p>Source: {@code block/blk-crypto-profile.c}. Where the kernel blocks, this posts: a sleeper is
 * woken by posting it to its executor, where it tries again. Where the kernel's lock lets readers
 * in after a writer, those at the head of the queue, up to the next writer, go together.
 */
public final class KeyslotManager {
  /** The result of {@link #acquire} when the waiter will be called later. */
  public static final int PENDING = -1;

  /** The result of {@link #acquire} on a device without slots; there is nothing to release. */
  public static final int NO_SLOT = -2;

  /*
   * The section is taken from the moment something is queued for it until the queue is empty.
   * Whoever takes it, or delivers the device's answer, runs the queue until a device call is under
   * way: a device that answers inside the call is noticed by its Call state and costs a turn of the
   * loop, not a stack frame. What has to be told goes to the outbox under the mutex and is
   * delivered without it, by one thread at a time, so that it arrives in order.
   *
   * No wake is lost: who is about to sleep first says so in anyoneSleeps and then looks for an idle
   * slot once more; who made a slot idle then looks at anyoneSleeps. One of them sees the other.
   *
   * Sleepers therefore exist only while no slot is idle, or while the one who made it so is about to
   * wake them. So a failed programming, whose slot counts as idle throughout, has nobody to wake,
   * though the kernel does call its wake there.
   */
  private enum Call {
    NONE,
    STARTING,
    ANSWERED,
    UNDER_WAY
  }

  private final KeyslotDevice device;
  private final LongSupplier nowNs;
  private final ReplacementPolicy policy;
  private final @Nullable RuntimePower power;
  private final KeyslotTable table;
  private final KeyslotCompletion deviceDone = this::deviceDone;
  private final Runnable resumed = this::resumed;

  private final Object mutex = new Object(); // guards all below; only the mutex's holder writes
  private volatile boolean sectionTaken;
  private volatile boolean anyoneSleeps;
  private final ArrivalQueue resuming = new ArrivalQueue(); // for the device's power
  private final ArrivalQueue queue = new ArrivalQueue(); // for the section
  private final ArrivalQueue sleepers = new ArrivalQueue(); // for an idle slot
  private final ArrivalQueue outbox = new ArrivalQueue();
  private final KeyslotStats stats = new KeyslotStats();
  private int releasesDue; // of the device's power
  private boolean delivering;
  private Call call = Call.NONE;
  private Errno answer = Errno.OK;
  private @Nullable SectionArrival caller; // whose device call it is
  private @Nullable CryptoKey callKey;
  private int callSlot;

  /** A device that is always powered, with the kernel's policy. */
  public KeyslotManager(int slotCount, KeyslotDevice device, LongSupplier nowNs) {
    this(slotCount, device, nowNs, new Lru(), null);
  }

  /**
   * Takes over a device whose slots are all empty.
   *
   * @param slotCount 0 for a device that takes its keys with each request
   * @param nowNs any clock that does not go back; read when a slot becomes busy or idle, so it
   *     should be cheap
   * @param policy chooses the slot that a miss overwrites; this manager's alone
   * @param power null for a device that is always powered
   */
  public KeyslotManager(
      int slotCount,
      KeyslotDevice device,
      LongSupplier nowNs,
      ReplacementPolicy policy,
      @Nullable RuntimePower power) {
    if (slotCount < 0) {
      throw new IllegalArgumentException("slotCount must not be negative, is " + slotCount);
    }
    this.device = device;
    this.nowNs = nowNs;
    this.policy = policy;
    this.power = power;
    this.table = new KeyslotTable(slotCount, nowNs);
  }

  public int slotCount() {
    return table.slotCount();
  }

  /**
   * Borrows the slot that holds {@code key}, programming one first if none does.
   *
   * @return the slot; or {@link #PENDING}, then {@code waiter} is granted a slot or refused later;
   *     or {@link #NO_SLOT}
   * @throws IllegalStateException if {@code key} is closed, or {@code waiter} waits already;
   *     nothing changed
   */
  public int acquire(KeyslotAcquire waiter, CryptoKey key) {
    if (table.slotCount() == 0) {
      key.checkOpen();
      return NO_SLOT;
    }
    if (!sectionTaken) {
      int slot = table.borrow(key);
      if (slot != KeyslotTable.NONE) {
        return slot;
      }
    }
    return acquireLocked(waiter, key);
  }

  /**
   * Hands back one borrow of {@code slot}. The last one makes the slot idle and wakes all sleepers.
   *
   * @throws IllegalArgumentException if there is no such slot
   * @throws IllegalStateException if nobody borrows it
   */
  public void release(int slot) {
    if (slot < 0 || slot >= table.slotCount()) {
      throw new IllegalArgumentException(
          "slot must be from 0 to " + (table.slotCount() - 1) + ", is " + slot);
    }
    if (table.giveBack(slot) && anyoneSleeps) {
      synchronized (mutex) {
        wakeSleepers();
      }
      deliver();
    }
  }

  /**
   * Makes the device forget {@code key}, as the owner does before closing it. Afterwards no slot
   * maps it, whatever the result.
   *
   * @param done told {@link Errno#OK}, also if no slot held the key; {@link Errno#EBUSY} if
   *     requests were in flight: then the device was not asked, and the key stays in use until the
   *     last of them releases; or the device's error. May be told before this returns.
   */
  public void evict(CryptoKey key, KeyslotCompletion done) {
    resumeAndTakeSection(new EvictCall(key, done));
  }

  /**
   * Programs every key into its slot again, after a reset in which the device lost them. Borrowers
   * and the order of idle slots do not change; a slot that fails keeps its key, and is counted.
   *
   * @param done told {@link Errno#OK}; may be told before this returns
   */
  public void reprogramAll(KeyslotCompletion done) {
    takeSection(new ReprogramCall(done));
  }

  boolean has(WrappedKeyOperation operation) {
    return device.wrappedKeys().has(operation);
  }

  /** Performs an operation that the device has; for {@link WrappedKeys}. */
  void perform(WrappedKeyCall wrapped) {
    resumeAndTakeSection(wrapped);
  }

  /** What was done so far. */
  public KeyslotCounters counters() {
    synchronized (mutex) {
      return stats.snapshot(table.hits(), table.occupancy());
    }
  }

  /** How many slots are in use now: for plots over time, one point. */
  public SlotsInUse slotsInUse() {
    synchronized (mutex) {
      return table.slotsInUse();
    }
  }

  /** For the tests' view of slots; steady only while nothing else runs. */
  KeyslotTable table() {
    return table;
  }

  /** A woken sleeper comes for the section again. */
  void tryAgain(KeyslotAcquire waiter) {
    waiter.stage = Stage.SECTION;
    resumeAndTakeSection(waiter);
  }

  /** For those who may call the device. */
  void resumeAndTakeSection(SectionArrival arrival) {
    if (power == null) {
      takeSection(arrival);
      return;
    }
    synchronized (mutex) {
      stats.resumes++;
      resuming.add(arrival);
    }
    power.resume(resumed);
  }

  /** One more has its power; all need the same, so it may as well be who asked first. */
  private void resumed() {
    SectionArrival arrival;
    synchronized (mutex) {
      arrival = resuming.poll();
      if (arrival == null) {
        throw new IllegalStateException("the device was resumed more often than asked");
      }
      arrival.holdsPower = true;
    }
    takeSection(arrival);
  }

  private int acquireLocked(KeyslotAcquire waiter, CryptoKey key) {
    boolean needsPower;
    synchronized (mutex) {
      int slot = sectionTaken ? KeyslotTable.NONE : table.borrow(key);
      if (slot != KeyslotTable.NONE) {
        return slot;
      }
      if (waiter.stage != Stage.UNUSED) {
        throw new IllegalStateException("the waiter already waits for a slot: " + waiter.stage);
      }
      key.beginUse();
      Stage stage = sectionTaken ? Stage.FIRST_LOOKUP : Stage.SECTION;
      waiter.begin(this, key, stage, nowNs.getAsLong());
      needsPower = power != null && stage == Stage.SECTION;
      if (!needsPower && !enterSection(waiter)) {
        return PENDING;
      }
    }
    if (needsPower) {
      resumeAndTakeSection(waiter);
    } else {
      runSection();
    }
    return PENDING;
  }

  private void takeSection(SectionArrival arrival) {
    synchronized (mutex) {
      if (!enterSection(arrival)) {
        return;
      }
    }
    runSection();
  }

  /** Queues {@code arrival}; true if the section was free, and is now the caller's to run. */
  private boolean enterSection(SectionArrival arrival) {
    queue.add(arrival);
    if (sectionTaken) {
      stats.sectionWaits++;
      return false;
    }
    sectionTaken = true;
    return true;
  }

  /** Serves the queue until a device call is under way, or nothing is left. */
  private void runSection() {
    boolean answered = true;
    while (answered && admitNext()) {
      deliver(); // Before the call: who evicted a key hears of it before it is programmed again.
      startCall();
      answered = takeAnswer();
    }
    deliver();
  }

  /**
   * Serves arrivals up to one that needs the device; false if there is none, the section is left.
   */
  private boolean admitNext() {
    long timeNs = nowNs.getAsLong();
    synchronized (mutex) {
      while (true) {
        lookUpForReaders(timeNs);
        SectionArrival arrival = queue.poll();
        if (arrival == null) {
          sectionTaken = false;
          return false;
        }
        boolean callsDevice =
            switch (arrival) {
              case KeyslotAcquire waiter -> admit(waiter, timeNs);
              case EvictCall evict -> admit(evict);
              case ReprogramCall reprogram -> admit(reprogram);
              case WrappedKeyCall wrapped -> admit(wrapped);
            };
        if (callsDevice) {
          return true;
        }
        leave(arrival);
      }
    }
  }

  /** The lock is let go: those who came only to look do so, and queue again if they missed. */
  private void lookUpForReaders(long timeNs) {
    while (queue.peek() instanceof KeyslotAcquire waiter && waiter.stage == Stage.FIRST_LOOKUP) {
      queue.poll();
      if (!grantHit(waiter, timeNs)) {
        waiter.stage = Stage.SECTION;
        if (power == null) {
          queue.add(waiter);
        } else {
          outbox.add(waiter); // To be resumed without the mutex.
        }
      }
    }
  }

  private boolean admit(KeyslotAcquire waiter, long timeNs) {
    if (grantHit(waiter, timeNs)) {
      return false;
    }
    int slot = claimVictim(waiter.key());
    if (slot == KeyslotTable.NONE) {
      waiter.stage = Stage.ASLEEP;
      sleepers.add(waiter);
      stats.sleeps++;
      return false;
    }
    stats.programs++;
    prepareCall(waiter, slot, waiter.key());
    return true;
  }

  /** Claims a slot for {@code key}, or leaves {@link #anyoneSleeps} set. */
  private int claimVictim(CryptoKey key) {
    int slot = table.claimVictim(policy, key);
    if (slot == KeyslotTable.NONE && !anyoneSleeps) {
      anyoneSleeps = true;
      slot = table.claimVictim(policy, key);
      anyoneSleeps = slot == KeyslotTable.NONE;
    }
    return slot;
  }

  private boolean admit(EvictCall evict) {
    int slot = table.find(evict.key);
    if (slot == KeyslotTable.NONE && table.slotCount() > 0) {
      policy.evicted(table.snapshot(), slot, evict.key);
      outbox.add(evict);
      return false;
    }
    if (slot != KeyslotTable.NONE && !table.forgetAndClaim(slot, evict.key)) {
      stats.busyEvicts++;
      policy.evicted(table.snapshot(), slot, evict.key);
      evict.result = Errno.EBUSY;
      outbox.add(evict);
      return false;
    }
    stats.evicts++;
    prepareCall(evict, slot, evict.key);
    return true;
  }

  private boolean admit(ReprogramCall reprogram) {
    while (reprogram.nextSlot < table.slotCount()) {
      int slot = reprogram.nextSlot++;
      CryptoKey key = table.key(slot);
      if (key != null) {
        stats.programs++;
        stats.reprograms++;
        prepareCall(reprogram, slot, key);
        return true;
      }
    }
    outbox.add(reprogram);
    return false;
  }

  private boolean admit(WrappedKeyCall wrapped) {
    prepareCall(wrapped, KeyslotTable.NONE, null);
    return true;
  }

  private boolean grantHit(KeyslotAcquire waiter, long timeNs) {
    CryptoKey key = waiter.key();
    int slot = table.borrow(key);
    if (slot == KeyslotTable.NONE) {
      return false;
    }
    key.endUse(); // The slot has its own.
    grant(waiter, slot, timeNs);
    return true;
  }

  private void grant(KeyslotAcquire waiter, int slot, long timeNs) {
    // Another thread's waiter may have come just after this one read the time.
    stats.recordWait(Math.max(0, timeNs - waiter.startNs()));
    waiter.grant(slot);
    outbox.add(waiter);
  }

  private void prepareCall(SectionArrival caller, int slot, @Nullable CryptoKey key) {
    this.caller = caller;
    callSlot = slot;
    callKey = key;
    call = Call.STARTING;
  }

  /** Reads the call without the mutex: until it is answered and taken, nobody else changes it. */
  private void startCall() {
    switch (Objects.requireNonNull(caller)) {
      case EvictCall evict -> device.evict(callSlot, evict.key, deviceDone);
      case WrappedKeyCall wrapped ->
          device
              .wrappedKeys()
              .perform(
                  wrapped.operation,
                  wrapped.input,
                  (result, output) -> {
                    wrapped.output = output;
                    deviceDone(result);
                  });
      case KeyslotAcquire _, ReprogramCall _ ->
          device.program(callSlot, Objects.requireNonNull(callKey), deviceDone);
    }
  }

  /** True if the device answered before its call returned. */
  private boolean takeAnswer() {
    long timeNs = nowNs.getAsLong();
    synchronized (mutex) {
      if (call == Call.STARTING) {
        call = Call.UNDER_WAY;
        return false;
      }
      finishCall(answer, timeNs);
      return true;
    }
  }

  private void deviceDone(Errno result) {
    long timeNs = nowNs.getAsLong();
    synchronized (mutex) {
      switch (call) {
        case STARTING -> {
          answer = result;
          call = Call.ANSWERED;
          return;
        }
        case UNDER_WAY -> finishCall(result, timeNs);
        case NONE, ANSWERED ->
            throw new IllegalStateException("the device answered twice, now with " + result);
      }
    }
    runSection();
  }

  private void finishCall(Errno result, long timeNs) {
    SectionArrival answered = Objects.requireNonNull(caller);
    caller = null;
    callKey = null;
    call = Call.NONE;
    switch (answered) {
      case KeyslotAcquire waiter when result == Errno.OK -> {
        table.install(callSlot, waiter.key());
        policy.installed(table.snapshotOf(callSlot), callSlot, waiter.key());
        stats.misses++;
        grant(waiter, callSlot, timeNs);
      }
      case KeyslotAcquire waiter -> {
        stats.failedPrograms++;
        table.unclaim(callSlot);
        waiter.key().endUse();
        waiter.refuse(result);
        outbox.add(waiter);
      }
      case EvictCall evict -> {
        if (callSlot != KeyslotTable.NONE) {
          table.unclaim(callSlot);
          policy.evicted(table.snapshot(), callSlot, evict.key);
          evict.key.endUse();
        }
        evict.result = result;
        outbox.add(evict);
      }
      case ReprogramCall reprogram -> {
        if (result != Errno.OK) {
          stats.failedPrograms++;
        }
        queue.addFirst(reprogram); // It keeps the section.
      }
      case WrappedKeyCall wrapped -> {
        wrapped.result = result;
        outbox.add(wrapped);
      }
    }
    leave(answered);
  }

  private void leave(SectionArrival arrival) {
    if (arrival.holdsPower) {
      arrival.holdsPower = false;
      releasesDue++;
    }
  }

  private void wakeSleepers() {
    for (SectionArrival sleeper = sleepers.poll(); sleeper != null; sleeper = sleepers.poll()) {
      if (sleeper instanceof KeyslotAcquire waiter) {
        waiter.stage = Stage.WOKEN;
      }
      stats.wakes++;
      outbox.add(sleeper);
    }
    anyoneSleeps = false;
  }

  /**
   * Empties the outbox, after releasing the power that is needed no more. A call from inside a
   * delivery leaves the rest to the one outside.
   */
  private void deliver() {
    boolean mine = false;
    boolean done = false;
    try {
      while (!done) {
        SectionArrival first = null;
        synchronized (mutex) {
          if (delivering && !mine) {
            return;
          }
          if (releasesDue > 0) {
            releasesDue--;
            mine = true;
          } else {
            first = outbox.poll();
            mine = first != null;
            done = !mine;
          }
          delivering = mine;
        }
        if (first != null) {
          first.deliver();
        } else if (mine) {
          Objects.requireNonNull(power).release();
        }
      }
    } finally {
      if (mine) { // something was thrown
        synchronized (mutex) {
          delivering = false;
        }
      }
    }
  }
}
