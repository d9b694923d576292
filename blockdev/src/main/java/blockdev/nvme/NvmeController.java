package blockdev.nvme;

import blockdev.bio.QueueLimits;
import blockdev.media.Medium;
import blockdev.memory.HostMemory;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.Station;
import blockdev.trace.EventLog;
import blockdev.trace.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * The device: fetches commands from submission queues when their doorbells ring, executes them
 * against one namespace, and posts completions. Data is encrypted straight into the medium and
 * decrypted straight from it, at the instant the command is executed.
 *
 * <p>Queue 0 is the admin queue, with Identify and Create I/O queues; the others take Flush, Write
 * and Read. Submission queue <i>n</i> completes into completion queue <i>n</i>. There is no
 * volatile write cache: a completed write is on the medium.
 *
 * <p>A host that breaks the rules gets a status, never an exception. Each queue pair is served by
 * the events of its interrupt vector, so different pairs can be used by different threads.
 */
public final class NvmeController implements AutoCloseable {
  /** Pages of the largest transfer: 1 MiB. */
  private static final int MAX_TRANSFER_PAGES = 256;

  /** The only namespace. */
  static final int NAMESPACE = 1;

  static final int MAX_QUEUE_ENTRIES = 1024;

  final HostMemory memory;
  final Medium medium;
  final int blockShift;
  final long blocks;
  final InlineCryptoUnit crypto;
  final LatencyModel latency;
  final Tracer tracer;
  private final SimTime time;
  private final Station units;
  private final Station link;
  private final @Nullable Vector[] vectors;
  private final @Nullable ControllerQueue[] queues;

  /**
   * @param medium its capacity is a multiple of {@code blockBytes}
   * @param blockBytes the namespace's LBA format: 512 or 4096
   * @param crypto the inline crypto unit, which is the controller's to close
   * @param queuePairs I/O queue pairs
   */
  public NvmeController(
      SimTime time,
      HostMemory memory,
      Medium medium,
      int blockBytes,
      InlineCryptoUnit crypto,
      LatencyModel latency,
      int queuePairs,
      Tracer tracer) {
    long capacityBytes = medium.segment().byteSize();
    if (capacityBytes % blockBytes != 0) {
      throw new IllegalArgumentException(
          "the medium's " + capacityBytes + " bytes are no multiple of " + blockBytes);
    }
    this.time = time;
    this.memory = memory;
    this.medium = medium;
    this.crypto = crypto;
    this.latency = latency;
    this.tracer = tracer;
    blockShift = Integer.numberOfTrailingZeros(blockBytes);
    blocks = capacityBytes >>> blockShift;
    units = time.newStation(latency.parallelUnits());
    link = time.newStation(1);
    vectors = new Vector[queuePairs + 1];
    queues = new ControllerQueue[queuePairs + 1];
  }

  /** Sets what an interrupt vector does, and whose events serve the queues that use it. */
  void connectVector(int vector, EventQueue events, Runnable handler) {
    vectors[vector] = new Vector(events, handler);
  }

  /** Starts the controller with an admin queue pair at the given host memory offsets. */
  void enable(long submissionOffset, long completionOffset, int entries) {
    ControllerQueue admin = createQueue(0, completionOffset, entries, 0);
    admin.attachSubmissionQueue(submissionOffset, entries);
  }

  private ControllerQueue createQueue(int id, long completionOffset, int entries, int vector) {
    Vector interrupt = vectors[vector];
    assert interrupt != null : "vector " + vector + " is not connected";
    ControllerQueue queue = new ControllerQueue(this, id, completionOffset, entries, interrupt);
    queues[id] = queue;
    return queue;
  }

  /** A write to the tail doorbell of submission queue {@code id}; nonsense is ignored. */
  void ringSubmissionDoorbell(int id, int tail) {
    ControllerQueue queue = queue(id);
    if (queue != null) {
      queue.submissionTail(tail);
    }
  }

  /** A write to the head doorbell of completion queue {@code id}; nonsense is ignored. */
  void ringCompletionDoorbell(int id, int head) {
    ControllerQueue queue = queue(id);
    if (queue != null) {
      queue.completionHead(head);
    }
  }

  private @Nullable ControllerQueue queue(int id) {
    return id >= 0 && id < queues.length ? queues[id] : null;
  }

  /** Executes the admin command at {@code at} in host memory and returns its status. */
  int executeAdmin(long at) {
    return switch (SubmissionEntry.opcode(memory.segment(), at)) {
      case SubmissionEntry.ADMIN_IDENTIFY -> identify(at);
      case SubmissionEntry.ADMIN_CREATE_COMPLETION_QUEUE -> createCompletionQueue(at);
      case SubmissionEntry.ADMIN_CREATE_SUBMISSION_QUEUE -> createSubmissionQueue(at);
      default -> NvmeStatus.INVALID_OPCODE;
    };
  }

  private int identify(long at) {
    long target = SubmissionEntry.prp1(memory.segment(), at);
    if ((target & (HostMemory.PAGE_BYTES - 1)) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    if (target < 0 || target > memory.capacityBytes() - IdentifyData.BYTES) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    switch (SubmissionEntry.cdw10(memory.segment(), at) & 0xFF) {
      case IdentifyData.CNS_CONTROLLER ->
          IdentifyData.putController(
              memory.segment().asSlice(target, IdentifyData.BYTES),
              MAX_TRANSFER_PAGES,
              crypto.profile());
      case IdentifyData.CNS_NAMESPACE -> {
        if (SubmissionEntry.namespace(memory.segment(), at) != NAMESPACE) {
          return NvmeStatus.INVALID_NAMESPACE;
        }
        IdentifyData.putNamespace(
            memory.segment().asSlice(target, IdentifyData.BYTES), blocks, 1 << blockShift);
      }
      default -> {
        return NvmeStatus.INVALID_FIELD;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  private int createCompletionQueue(long at) {
    int id = queueId(at);
    int entries = queueEntries(at);
    int vector = SubmissionEntry.cdw11(memory.segment(), at) >>> 16;
    if (id < 1 || id >= queues.length || queues[id] != null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    if (vector >= vectors.length || vectors[vector] == null) {
      return NvmeStatus.INVALID_INTERRUPT_VECTOR;
    }
    int status = ringStatus(at, entries, CompletionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      createQueue(id, SubmissionEntry.prp1(memory.segment(), at), entries, vector);
    }
    return status;
  }

  private int createSubmissionQueue(long at) {
    int id = queueId(at);
    int entries = queueEntries(at);
    if (id < 1 || id >= queues.length) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    ControllerQueue queue = queues[id];
    if (queue == null || SubmissionEntry.cdw11(memory.segment(), at) >>> 16 != id) {
      return NvmeStatus.COMPLETION_QUEUE_INVALID;
    }
    if (queue.hasSubmissionQueue()) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    int status = ringStatus(at, entries, SubmissionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      queue.attachSubmissionQueue(SubmissionEntry.prp1(memory.segment(), at), entries);
    }
    return status;
  }

  private int queueId(long at) {
    return SubmissionEntry.cdw10(memory.segment(), at) & 0xFFFF;
  }

  private int queueEntries(long at) {
    return (SubmissionEntry.cdw10(memory.segment(), at) >>> 16) + 1;
  }

  private int ringStatus(long at, int entries, int entryBytes) {
    if (entries < 2 || entries > MAX_QUEUE_ENTRIES) {
      return NvmeStatus.INVALID_QUEUE_SIZE;
    }
    long offset = SubmissionEntry.prp1(memory.segment(), at);
    if ((offset & (HostMemory.PAGE_BYTES - 1)) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    boolean fits = offset >= 0 && offset <= memory.capacityBytes() - (long) entries * entryBytes;
    return fits ? NvmeStatus.SUCCESS : NvmeStatus.DATA_TRANSFER_ERROR;
  }

  /** How long from now a transfer at {@code offsetBytes} will have taken. */
  long serviceNs(long offsetBytes, int bytes) {
    long unitDoneNs = units.reserve(latency.unitOf(offsetBytes), 0, latency.commandNs());
    return bytes == 0 ? unitDoneNs : link.reserve(0, unitDoneNs, latency.transferNs(bytes));
  }

  int maxTransferBytes() {
    return MAX_TRANSFER_PAGES * QueueLimits.VIRT_BOUNDARY_BYTES;
  }

  long nowNs() {
    return time.nowNs();
  }

  /** What all I/O queues did, as one hash; equal for equal runs. */
  public long eventLogHash() {
    long hash = 0;
    for (int id = 1; id < queues.length; id++) {
      ControllerQueue queue = queues[id];
      if (queue != null) {
        hash = EventLog.fold(hash, queue.eventLog());
      }
    }
    return hash;
  }

  /**
   * A reset, as far as it is there: the crypto unit's slots are empty. Queues and their commands go
   * on, and a command that names a slot fails.
   */
  public void resetCryptoUnit() {
    crypto.reset();
  }

  /** A power cycle, as far as it is there: as a reset, and ephemeral blobs no longer open. */
  public void powerCycleCryptoUnit() {
    crypto.powerCycle();
  }

  /** Frees the keyed ciphers of all slots, and wrapping keys. */
  @Override
  public void close() {
    crypto.close();
  }

  /** An interrupt: one event however often it is raised before it is served. */
  static final class Vector implements Runnable {
    private final EventQueue events;
    private final Runnable handler;
    private boolean raised;

    Vector(EventQueue events, Runnable handler) {
      this.events = events;
      this.handler = handler;
    }

    EventQueue events() {
      return events;
    }

    void raise() {
      if (!raised) {
        raised = true;
        events.schedule(this, 0);
      }
    }

    @Override
    public void run() {
      raised = false;
      handler.run();
    }
  }
}
