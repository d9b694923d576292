package blockdev.nvme.controller;

import blockdev.bio.QueueLimits;
import blockdev.fault.ArmedFaults;
import blockdev.memory.HostMemory;
import blockdev.nvme.Feature;
import blockdev.nvme.Registers;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.sim.Arbiter;
import blockdev.sim.DeviceTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.MediaModel;
import blockdev.sim.SimTime;
import blockdev.sim.Station;
import blockdev.sim.StationUse;
import blockdev.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The device: fetches commands from submission queues when their doorbells ring, executes them
 * against its namespaces, and posts completions. Data is encrypted straight into the medium and
 * decrypted straight from it, at the instant the command is executed.
 *
 * <p>A host reaches it through {@linkplain Registers registers}, doorbells among them, and host
 * memory, and is reached through {@linkplain #connectVector interrupt vectors}. Queue 0 is the
 * admin queue, see {@link AdminCommands}; the others take I/O, see {@link QueuedCommand}.
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

  final HostMemory memory;
  final InlineCryptoUnit crypto;
  final @Nullable KeyPerIo keyPerIo;
  final Tracer tracer;
  private final SimTime time;
  private final List<Namespace> namespaces;
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
  private final WriteCache writeCache;
  private final InterruptVectors vectors;
  private final Queues queues;
  private final AdminCommands admin;

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
    features = new Features(namespaces.size(), queuePairs + 1, queuePairs);
    vectors = new InterruptVectors(queuePairs + 1, features);
    queues = new Queues(this, queuePairs);
    writeCache = new WriteCache(this.namespaces, errors);
    features.whenChanged(Feature.ARBITRATION, this::arbitrate);
    features.whenChanged(Feature.VOLATILE_WRITE_CACHE, this::turnWriteCache);
    features.whenChanged(Feature.ERROR_RECOVERY, this::applyErrorRecovery);
    admin = new AdminCommands(this);
  }

  /**
   * Sets what an interrupt vector does, and whose events serve the queues that use it; vector 0 is
   * the admin queue's.
   */
  public void connectVector(int vector, EventQueue events, Runnable handler) {
    vectors.connect(vector, events, handler);
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
      queues.ringSubmissionDoorbell(index >>> 1, value);
    } else {
      queues.ringCompletionDoorbell(index >>> 1, value);
    }
  }

  /** Writes a register of 8 bytes. */
  public void writeLongRegister(int offset, long value) {
    writeRegister(offset, (int) value);
    writeRegister(offset + Integer.BYTES, (int) (value >>> Integer.SIZE));
  }

  /** Makes the admin queues; false if they cannot be where the host wants them. */
  boolean start(
      long submissionOffset, int submissionEntries, long completionOffset, int completionEntries) {
    if (!queues.addAdmin(
        submissionOffset, submissionEntries, completionOffset, completionEntries)) {
      return false;
    }
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

  private void turnWriteCache() {
    writeCache.turn(features.value(Feature.VOLATILE_WRITE_CACHE) != 0);
  }

  private void applyErrorRecovery() {
    for (Namespace namespace : namespaces) {
      namespace.setDeallocatedIsError(features.deallocatedIsError(namespace.id()));
    }
  }

  /**
   * A controller reset: all queues are gone, and their commands without a completion; features are
   * as they were saved, and keyslots are empty. What was acknowledged stays, and so do keys behind
   * key tags.
   */
  void reset() {
    queues.detachAll();
    events.reset();
    features.reset(nowNs());
    crypto.reset();
    admin.security().reset();
  }

  /** Commands are processed no more; what was written is durable unless there is no time for it. */
  void shutDown(boolean normal) {
    queues.detachAll();
    if (normal) {
      writeCache.flush();
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

  InterruptVectors vectors() {
    return vectors;
  }

  Queues queues() {
    return queues;
  }

  WriteCache writeCache() {
    return writeCache;
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
    queues.losePower(chance);
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
    return queues.eventLogHash();
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
