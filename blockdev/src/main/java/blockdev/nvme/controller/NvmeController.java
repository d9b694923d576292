package blockdev.nvme.controller;

import blockdev.bio.QueueLimits;
import blockdev.fault.ArmedFaults;
import blockdev.memory.HostMemory;
import blockdev.nvme.Feature;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.Registers;
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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The device: fetches commands from submission queues when their doorbells ring, executes them
 * against its namespaces, and posts completions. Data is encrypted straight into the medium and
 * decrypted straight from it, at the instant the command is executed.
 *
 * <p>A host reaches it through {@linkplain Registers registers}, doorbells among them, and host
 * memory, and is reached through {@linkplain #connectVector interrupt vectors}. Queue 0 is the
 * admin queue, see {@link AdminCommands}; the others take I/O, see {@link IoCommand}. The volatile
 * write cache is on at first; what it is worth is the medium's business.
 *
 * <p>A host that breaks the rules gets a status, never an exception. Each queue is served by the
 * events of its interrupt vector, so different queue pairs can be used by different threads; while
 * the controller is reset, or shut down, no other thread may use it.
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
  private final ControllerRegisters registers = new ControllerRegisters(this);
  private final Features features;
  private final AsyncEvents events = new AsyncEvents(this);
  private final ErrorLog errors = new ErrorLog();
  private final HealthLog health = new HealthLog(this);
  private final Sanitize sanitize = new Sanitize(this);
  private final AdminCommands admin;
  private final @Nullable InterruptVector[] vectors;
  private final @Nullable SubmissionQueue[] submissionQueues;
  private final @Nullable CompletionQueue[] completionQueues;
  private long hashOfDeletedQueues;
  private int enabledCopyFormats = NvmLimits.PLAIN_COPY_FORMATS;

  /**
   * @param namespaces with the ids 1, 2 and so on, in order
   * @param crypto the inline crypto unit, which is the controller's to close
   * @param keyPerIo the same for Key Per I/O, null for a device without; it excludes the other
   * @param queuePairs I/O queue pairs that a host can make
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
    features = new Features(namespaces.size(), queuePairs + 1, queuePairs);
    features.whenChanged(Feature.ARBITRATION, this::arbitrate);
    features.whenChanged(Feature.INTERRUPT_COALESCING, this::applyCoalescing);
    features.whenChanged(Feature.INTERRUPT_VECTOR, this::applyCoalescing);
    features.whenChanged(Feature.VOLATILE_WRITE_CACHE, this::switchWriteCache);
    features.whenChanged(Feature.ERROR_RECOVERY, this::applyErrorRecovery);
    features.whenChanged(Feature.HOST_BEHAVIOR, this::enableCopyFormats);
    admin = new AdminCommands(this);
  }

  private void applyErrorRecovery() {
    for (Namespace namespace : namespaces) {
      namespace.setDeallocatedIsError(features.deallocatedIsError(namespace.id()));
    }
  }

  /** Takes over which formats of source ranges that name a namespace the host has enabled. */
  private void enableCopyFormats() {
    enabledCopyFormats =
        (features.copyFormats() | NvmLimits.PLAIN_COPY_FORMATS) & NvmLimits.COPY_FORMATS;
  }

  /** Whether Copy's source ranges may have that format: the host enables 2h and 3h, others not. */
  boolean isCopyFormatEnabled(int format) {
    return (enabledCopyFormats >>> format & 1) != 0;
  }

  /**
   * Sets what an interrupt vector does, and whose events serve the queues that use it; vector 0 is
   * the admin queue's.
   */
  public void connectVector(int vector, EventQueue events, Runnable handler) {
    vectors[vector] = new InterruptVector(events, handler);
    applyCoalescing(vector);
  }

  /** Reads a register of 4 bytes, or half of one of 8. */
  public int readRegister(int offset) {
    return registers.read(offset);
  }

  /**
   * Writes a register of 4 bytes, or half of one of 8. A doorbell that rings with nonsense is
   * ignored, and reported as an asynchronous event.
   */
  public void writeRegister(int offset, int value) {
    if (offset < Registers.DOORBELLS) {
      registers.write(offset, value);
      return;
    }
    int index = offset - Registers.DOORBELLS >>> 2;
    if ((index & 1) == 0) {
      ringSubmissionDoorbell(index >>> 1, value);
    } else {
      ringCompletionDoorbell(index >>> 1, value);
    }
  }

  /** Writes a register of 8 bytes. */
  public void writeLongRegister(int offset, long value) {
    writeRegister(offset, (int) value);
    writeRegister(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
  }

  void ringSubmissionDoorbell(int id, int tail) {
    SubmissionQueue queue = submissionQueue(id);
    if (queue == null) {
      events.badDoorbellRegister();
    } else {
      queue.written(tail);
    }
  }

  void ringCompletionDoorbell(int id, int head) {
    CompletionQueue queue = completionQueue(id);
    if (queue == null) {
      events.badDoorbellRegister();
    } else {
      queue.taken(head);
    }
  }

  /** Makes the admin queues; false if they cannot be where the host wants them. */
  boolean start(
      long submissionOffset, int submissionEntries, long completionOffset, int completionEntries) {
    if (!hasVector(0)
        || !DataPages.contains(memory.segment(), submissionOffset, 64L * submissionEntries)
        || !DataPages.contains(memory.segment(), completionOffset, 16L * completionEntries)) {
      return false;
    }
    CompletionQueue completions =
        addCompletionQueue(ADMIN_QUEUE, completionOffset, completionEntries, 0, true);
    addSubmissionQueue(
        ADMIN_QUEUE, submissionOffset, submissionEntries, Arbiter.URGENT, completions);
    arbitrate();
    return true;
  }

  /** Lets queues share the front end as CC.AMS and the feature Arbitration say. */
  private void arbitrate() {
    int value = features.value(Feature.ARBITRATION);
    int burst = (value & 7) == 7 ? Arbiter.ANY_BURST : 1 << (value & 7);
    if (registers.isWeighted()) {
      int high = (value >>> 24) + 1;
      int medium = (value >>> 16 & 0xFF) + 1;
      int low = (value >>> 8 & 0xFF) + 1;
      arbiter.weighted(burst, high, medium, low);
    } else {
      arbiter.roundRobin(burst);
    }
  }

  private void applyCoalescing() {
    for (int vector = 1; vector < vectors.length; vector++) {
      applyCoalescing(vector);
    }
  }

  /** Lets completions wait for an interrupt as the features say; the admin queue's never do. */
  private void applyCoalescing(int vector) {
    InterruptVector interrupt = vectors[vector];
    if (interrupt != null && vector != ADMIN_QUEUE) {
      int value = features.value(Feature.INTERRUPT_COALESCING);
      boolean disabled = features.coalescingDisabled(vector);
      int threshold = (value & 0xFF) + 1;
      long timeNs = (value >>> 8 & 0xFF) * COALESCING_TIME_UNIT_NS;
      interrupt.coalesce(disabled ? 1 : threshold, disabled ? 0 : timeNs);
    }
  }

  /** What is in the cache when it goes off becomes durable. */
  private void switchWriteCache() {
    writeCacheOn = features.value(Feature.VOLATILE_WRITE_CACHE) != 0;
    if (!writeCacheOn) {
      flushAll();
    }
  }

  /** A medium that cannot do it is noted in the error log. */
  private void flushAll() {
    for (Namespace namespace : namespaces) {
      try {
        namespace.medium().flush();
      } catch (UncheckedIOException ofMedium) {
        errors.add(ADMIN_QUEUE, 0, NvmeStatus.WRITE_FAULT, 0, namespace.id());
      }
    }
  }

  /** Whether a completed write may rest in volatile memory. */
  boolean isWriteCacheOn() {
    return writeCacheOn;
  }

  /**
   * A controller reset: all queues are gone, and their commands without a completion; features are
   * as they were saved, and keyslots are empty. What was acknowledged stays, and so do keys behind
   * key tags.
   */
  void reset() {
    deleteAllQueues();
    events.reset();
    features.reset(nowNs());
    crypto.reset();
    admin.security().reset();
  }

  private void deleteAllQueues() {
    for (SubmissionQueue queue : submissionQueues) {
      if (queue != null) {
        queue.detach();
        removeSubmissionQueue(queue);
      }
    }
    for (CompletionQueue queue : completionQueues) {
      if (queue != null) {
        removeCompletionQueue(queue);
      }
    }
  }

  /** Commands are processed no more; what was written is durable unless there is no time for it. */
  void shutDown(boolean normal) {
    deleteAllQueues();
    if (normal) {
      flushAll();
    }
  }

  /**
   * Takes power and gives it back: registers are as at first, commands are gone as in a reset, and
   * so are ephemeral blobs and the keys behind key tags. What was saved, the logs, and a sanitize
   * that is under way stay. What becomes of the medium's cached writes is the medium's business.
   */
  public void powerCycle() {
    health.powerCycled(registers.isShutDown());
    registers.powerOn();
    reset();
    crypto.powerCycle();
    if (keyPerIo != null) {
      keyPerIo.powerCycle();
    }
  }

  CompletionQueue addCompletionQueue(
      int id, long offset, int entries, int vector, boolean interrupts) {
    InterruptVector interrupt = Objects.requireNonNull(vectors[vector]);
    CompletionQueue queue = new CompletionQueue(this, id, offset, entries, interrupt, interrupts);
    completionQueues[id] = queue;
    return queue;
  }

  void addSubmissionQueue(
      int id, long offset, int entries, int priority, CompletionQueue completions) {
    submissionQueues[id] = new SubmissionQueue(this, id, offset, entries, priority, completions);
  }

  void removeSubmissionQueue(SubmissionQueue queue) {
    submissionQueues[queue.id()] = null;
    health.keep(queue.counters());
    if (queue.id() != ADMIN_QUEUE) {
      hashOfDeletedQueues = EventLog.fold(hashOfDeletedQueues, queue.eventLog());
    }
  }

  void removeCompletionQueue(CompletionQueue queue) {
    completionQueues[queue.id()] = null;
  }

  @Nullable SubmissionQueue submissionQueue(int id) {
    return id >= 0 && id < submissionQueues.length ? submissionQueues[id] : null;
  }

  @Nullable CompletionQueue completionQueue(int id) {
    return id >= 0 && id < completionQueues.length ? completionQueues[id] : null;
  }

  /** I/O queues of a kind that there can be. */
  int queueLimit() {
    return submissionQueues.length - 1;
  }

  boolean mayHaveSubmissionQueue(int id) {
    return id > ADMIN_QUEUE && id <= (features.value(Feature.NUMBER_OF_QUEUES) & 0xFFFF) + 1;
  }

  boolean mayHaveCompletionQueue(int id) {
    return id > ADMIN_QUEUE && id <= (features.value(Feature.NUMBER_OF_QUEUES) >>> 16) + 1;
  }

  boolean hasIoQueues() {
    for (int id = ADMIN_QUEUE + 1; id < submissionQueues.length; id++) {
      if (submissionQueues[id] != null || completionQueues[id] != null) {
        return true;
      }
    }
    return false;
  }

  boolean hasVector(int vector) {
    return vector < vectors.length && vectors[vector] != null;
  }

  /** The events that serve the admin queue. */
  EventQueue adminEvents() {
    return Objects.requireNonNull(vectors[0]).events();
  }

  AdminCommands admin() {
    return admin;
  }

  Features features() {
    return features;
  }

  AsyncEvents events() {
    return events;
  }

  ErrorLog errors() {
    return errors;
  }

  HealthLog health() {
    return health;
  }

  Sanitize sanitize() {
    return sanitize;
  }

  /** Adds what the commands of all queues did to {@code sum}. */
  void addCounters(IoCounters sum) {
    for (SubmissionQueue queue : submissionQueues) {
      if (queue != null) {
        sum.add(queue.counters());
      }
    }
  }

  /** Lets what is under way in {@code namespace} end with {@code status}. */
  void refuse(Namespace namespace, int status) {
    for (SubmissionQueue queue : submissionQueues) {
      if (queue != null) {
        queue.refuse(namespace, status);
      }
    }
  }

  int namespaceCount() {
    return namespaces.size();
  }

  /** The namespace of that id, null if there is none. */
  @Nullable Namespace namespace(int id) {
    return id >= 1 && id <= namespaces.size() ? namespaces.get(id - 1) : null;
  }

  List<Namespace> namespaces() {
    return namespaces;
  }

  /** Something of the device that does one thing at a time. */
  Station newStation() {
    return time.newStation(1);
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
    long hash = hashOfDeletedQueues;
    for (int id = ADMIN_QUEUE + 1; id < submissionQueues.length; id++) {
      SubmissionQueue queue = submissionQueues[id];
      if (queue != null) {
        hash = EventLog.fold(hash, queue.eventLog());
      }
    }
    return hash;
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
