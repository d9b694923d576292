package blockdev.nvme.controller;

import blockdev.bio.QueueLimits;
import blockdev.fault.ArmedFaults;
import blockdev.memory.HostMemory;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.sim.Arbiter;
import blockdev.sim.DeviceTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.MediaModel;
import blockdev.sim.SimTime;
import blockdev.sim.Station;
import blockdev.sim.StationUse;
import blockdev.trace.EventLog;
import blockdev.trace.Tracer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The device: fetches commands from submission queues when their doorbells ring, executes them
 * against its namespaces, and posts completions. Data is encrypted straight into the medium and
 * decrypted straight from it, at the instant the command is executed.
 *
 * <p>Queue 0 is the admin queue, see {@link AdminCommands}; the others take I/O, see {@link
 * IoCommand}. The volatile write cache is on at first; what it is worth is the medium's business.
 *
 * <p>A host that breaks the rules gets a status, never an exception. Each queue is served by the
 * events of its interrupt vector, so different queue pairs can be used by different threads.
 */
public final class NvmeController implements AutoCloseable {
  /** Pages of the largest transfer: 1 MiB. */
  static final int MAX_TRANSFER_PAGES = 256;

  public static final int MAX_QUEUE_ENTRIES = 1024;
  static final int ADMIN_QUEUE = 0;

  private static final long COALESCING_TIME_UNIT_NS = 100_000;

  final HostMemory memory;
  final InlineCryptoUnit crypto;
  final @Nullable KeyPerIo keyPerIo;
  final Tracer tracer;
  private final SimTime time;
  private final List<Namespace> namespaces;
  private boolean writeCacheOn = true;
  private @Nullable DeviceFaults faults; // null: nothing goes wrong
  private final DeviceTiming timing;
  private final Arbiter arbiter;
  private final MediaModel media;
  private final AdminCommands admin;
  private int enabledCopyFormats = NvmLimits.PLAIN_COPY_FORMATS;
  private final @Nullable InterruptVector[] vectors;
  private final BitSet coalescingDisabled = new BitSet(); // by vector
  private int coalescing; // as the feature has it
  private final @Nullable SubmissionQueue[] submissionQueues;
  private final @Nullable CompletionQueue[] completionQueues;

  /**
   * @param namespaces with the ids 1, 2 and so on
   * @param crypto the inline crypto unit, which is the controller's to close
   * @param keyPerIo the same for Key Per I/O, null for a device without; it excludes the other
   * @param queuePairs I/O queue pairs
   */
  public NvmeController(
      SimTime time,
      HostMemory memory,
      List<Namespace> namespaces,
      InlineCryptoUnit crypto,
      @Nullable KeyPerIo keyPerIo,
      DeviceTiming timing,
      int queuePairs,
      Tracer tracer) {
    this.time = time;
    this.memory = memory;
    this.crypto = crypto;
    this.keyPerIo = keyPerIo;
    this.timing = timing;
    this.tracer = tracer;
    this.namespaces = List.copyOf(namespaces);
    arbiter = time.newArbiter(timing.media().queueDepth());
    media = time.newMediaModel(timing);
    vectors = new InterruptVector[queuePairs + 1];
    submissionQueues = new SubmissionQueue[queuePairs + 1];
    completionQueues = new CompletionQueue[queuePairs + 1];
    admin = new AdminCommands(this);
  }

  /** Sets what an interrupt vector does, and whose events serve the queues that use it. */
  public void connectVector(int vector, EventQueue events, Runnable handler) {
    vectors[vector] = new InterruptVector(events, handler);
    applyCoalescing(vector);
  }

  /** Starts the controller with an admin queue pair at the given host memory offsets. */
  public void enable(long submissionOffset, long completionOffset, int entries) {
    CompletionQueue completions = addCompletionQueue(ADMIN_QUEUE, completionOffset, entries, 0);
    addSubmissionQueue(ADMIN_QUEUE, submissionOffset, entries, Arbiter.URGENT, completions);
  }

  CompletionQueue addCompletionQueue(int id, long offset, int entries, int vector) {
    InterruptVector interrupt = vectors[vector];
    assert interrupt != null : "vector " + vector + " is not connected";
    CompletionQueue queue = new CompletionQueue(memory.segment(), id, offset, entries, interrupt);
    completionQueues[id] = queue;
    return queue;
  }

  void addSubmissionQueue(
      int id, long offset, int entries, int priority, CompletionQueue completions) {
    submissionQueues[id] = new SubmissionQueue(this, id, offset, entries, priority, completions);
  }

  /** A write to the tail doorbell of submission queue {@code id}; nonsense is ignored. */
  public void ringSubmissionDoorbell(int id, int tail) {
    SubmissionQueue queue = submissionQueue(id);
    if (queue != null) {
      queue.written(tail);
    }
  }

  /** A write to the head doorbell of completion queue {@code id}; nonsense is ignored. */
  public void ringCompletionDoorbell(int id, int head) {
    CompletionQueue queue = completionQueue(id);
    if (queue != null) {
      queue.taken(head);
    }
  }

  @Nullable SubmissionQueue submissionQueue(int id) {
    return id >= 0 && id < submissionQueues.length ? submissionQueues[id] : null;
  }

  @Nullable CompletionQueue completionQueue(int id) {
    return id >= 0 && id < completionQueues.length ? completionQueues[id] : null;
  }

  boolean isIoQueueId(int id) {
    return id > ADMIN_QUEUE && id < submissionQueues.length;
  }

  boolean hasVector(int vector) {
    return vector < vectors.length && vectors[vector] != null;
  }

  /**
   * Sets how queues share the front end.
   *
   * @param weighted whether CC.AMS says weighted round robin with urgent class, not round robin
   * @param feature CDW11 of the feature Arbitration (01h)
   */
  void arbitrate(boolean weighted, int feature) {
    int burst = (feature & 7) == 7 ? Arbiter.ANY_BURST : 1 << (feature & 7);
    if (weighted) {
      int high = (feature >>> 24) + 1;
      int medium = (feature >>> 16 & 0xFF) + 1;
      int low = (feature >>> 8 & 0xFF) + 1;
      arbiter.weighted(burst, high, medium, low);
    } else {
      arbiter.roundRobin(burst);
    }
  }

  /**
   * Sets how long completions may wait for an interrupt. The admin queue's never wait.
   *
   * @param feature CDW11 of the feature Interrupt Coalescing (08h)
   */
  void coalesceInterrupts(int feature) {
    coalescing = feature;
    for (int vector = 1; vector < vectors.length; vector++) {
      applyCoalescing(vector);
    }
  }

  /**
   * Lets a vector coalesce, or not, whatever the others do.
   *
   * @param feature CDW11 of the feature Interrupt Vector Configuration (09h)
   * @return whether there is such a vector
   */
  boolean configureVector(int feature) {
    int vector = feature & 0xFFFF;
    if (!hasVector(vector)) {
      return false;
    }
    coalescingDisabled.set(vector, (feature >>> 16 & 1) != 0);
    applyCoalescing(vector);
    return true;
  }

  /** CDW11 of Interrupt Vector Configuration as it is, for Get Features. */
  int vectorConfiguration(int vector) {
    return vector | (coalescingDisabled.get(vector) ? 1 << 16 : 0);
  }

  private void applyCoalescing(int vector) {
    InterruptVector interrupt = vectors[vector];
    if (interrupt != null && vector != ADMIN_QUEUE) {
      boolean disabled = coalescingDisabled.get(vector);
      int threshold = (coalescing & 0xFF) + 1;
      long timeNs = (coalescing >>> 8 & 0xFF) * COALESCING_TIME_UNIT_NS;
      interrupt.coalesce(disabled ? 1 : threshold, disabled ? 0 : timeNs);
    }
  }

  AdminCommands admin() {
    return admin;
  }

  int namespaceCount() {
    return namespaces.size();
  }

  /** The namespace of that id, null if there is none. */
  @Nullable Namespace namespace(int id) {
    return id >= 1 && id <= namespaces.size() ? namespaces.get(id - 1) : null;
  }

  /** Something of the device that does one thing at a time. */
  Station newStation() {
    return time.newStation(1);
  }

  /** Whether Copy's source ranges may have that format: the host enables 2h and 3h, others not. */
  boolean isCopyFormatEnabled(int format) {
    return (enabledCopyFormats >>> format & 1) != 0;
  }

  /**
   * Sets which formats of source ranges that name a namespace the host has enabled (feature 16h).
   *
   * @param formats bit n for format n; those beyond {@link NvmLimits#COPY_FORMATS} are ignored
   */
  void enableCopyFormats(int formats) {
    enabledCopyFormats = (formats | NvmLimits.PLAIN_COPY_FORMATS) & NvmLimits.COPY_FORMATS;
  }

  int maxTransferBytes() {
    return MAX_TRANSFER_PAGES * QueueLimits.VIRT_BOUNDARY_BYTES;
  }

  long nowNs() {
    return time.nowNs();
  }

  /** The inline crypto unit, for those who program its slots. */
  public InlineCryptoUnit crypto() {
    return crypto;
  }

  public DeviceTiming timing() {
    return timing;
  }

  /** How busy its stations were so far, the front end first; nothing where time does not pass. */
  public List<StationUse> stationUse() {
    List<StationUse> use = new ArrayList<>();
    use.add(new StationUse("front end", List.of(arbiter.busyNs())));
    use.addAll(media.use());
    return use;
  }

  Arbiter arbiter() {
    return arbiter;
  }

  MediaModel media() {
    return media;
  }

  /** Whether a completed write may rest in volatile memory. */
  boolean isWriteCacheOn() {
    return writeCacheOn;
  }

  /** Feature 06h, Volatile Write Cache; what is in the cache when it goes off becomes durable. */
  void setWriteCacheOn(boolean on) {
    writeCacheOn = on;
    if (!on) {
      namespaces.forEach(namespace -> namespace.medium().flush());
    }
  }

  /**
   * Power is lost: what commands that are under way have done by then is left to {@code chance}.
   * Their media are not told, who lose what was in their caches.
   */
  public void losePower(SplittableRandom chance) {
    for (SubmissionQueue queue : submissionQueues) {
      if (queue != null) {
        queue.losePower(chance);
      }
    }
  }

  /** Makes things go wrong from now on. */
  public void inject(ArmedFaults armed) {
    DeviceFaults made = new DeviceFaults(armed);
    made.start(time.newEventQueue(), this::namespace);
    faults = made;
    crypto.inject(armed);
  }

  /** What goes wrong, null if nothing does. */
  @Nullable DeviceFaults faults() {
    return faults;
  }

  /** What all I/O queues did, as one hash; equal for equal runs. */
  public long eventLogHash() {
    long hash = 0;
    for (int id = ADMIN_QUEUE + 1; id < submissionQueues.length; id++) {
      SubmissionQueue queue = submissionQueues[id];
      if (queue != null) {
        hash = EventLog.fold(hash, queue.eventLog());
      }
    }
    return hash;
  }

  /**
   * A reset, as far as it is there: the crypto unit's slots are empty. Queues and their commands go
   * on, and a command that names a slot fails. Keys behind key tags stay.
   */
  public void resetCryptoUnit() {
    crypto.reset();
  }

  /**
   * A power cycle, as far as it is there: as a reset, and ephemeral blobs no longer open. Keys
   * behind key tags are gone.
   */
  public void powerCycleCryptoUnit() {
    crypto.powerCycle();
    if (keyPerIo != null) {
      keyPerIo.powerCycle();
    }
  }

  /** Key Per I/O, for what takes authenticated sessions on a real device; null without. */
  public @Nullable KeyPerIo keyPerIo() {
    return keyPerIo;
  }

  /** Frees the keyed ciphers of all slots and key tags, and wrapping keys. */
  @Override
  public void close() {
    crypto.close();
    if (keyPerIo != null) {
      keyPerIo.close();
    }
  }
}
