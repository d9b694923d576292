package blockdev.nvme.controller;

import blockdev.fault.FaultKind.Occasion;
import blockdev.media.Medium;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Arbiter;
import blockdev.sim.EventQueue;
import blockdev.sim.MediaTiming;
import blockdev.sim.Transfer;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One I/O command under way in the device, from fetch to completion. As an event it is its own
 * execution: the instant at which bytes move.
 */
final class IoCommand implements Arbiter.Command, Runnable {
  private final NvmeController controller;
  private final SubmissionQueue queue;
  private final MemorySegment memory;
  private final DataPages pages;
  private final CommandKey key;
  private final Transfer transfer;

  private int opcode;
  private int commandId;
  private int status;
  private @Nullable Namespace namespace;
  private long lba;
  private int blocks;
  private boolean forceUnitAccess;
  private long flushPoint;
  private boolean underWay;

  /**
   * @param events those that serve {@code queue}
   */
  IoCommand(NvmeController controller, SubmissionQueue queue, EventQueue events) {
    this.controller = controller;
    this.queue = queue;
    memory = controller.memory.segment();
    pages = new DataPages(memory, controller.maxTransferBytes());
    key = new CommandKey(memory, controller.crypto, controller.keyPerIo);
    transfer = controller.media().newTransfer(events, this);
  }

  int commandId() {
    return commandId;
  }

  /** Where its blocks start; 0 for a flush. */
  long lba() {
    return lba;
  }

  /** How many there are; 0 for a flush. */
  int blocks() {
    return blocks;
  }

  /** What its execution is to faults. */
  Occasion occasion() {
    return switch (opcode) {
      case SubmissionEntry.WRITE -> Occasion.WRITE;
      case SubmissionEntry.READ -> Occasion.READ;
      default -> Occasion.FLUSH;
    };
  }

  /** Takes over the entry at {@code at}, and checks it. */
  void take(long at) {
    opcode = SubmissionEntry.opcode(memory, at);
    commandId = SubmissionEntry.commandId(memory, at);
    namespace = null;
    lba = 0;
    blocks = 0;
    forceUnitAccess = false;
    underWay = true;
    pages.clear();
    key.clear();
    status = check(at);
  }

  @Override
  public long frontEndNs() {
    MediaTiming timing = controller.timing().media();
    return opcode == SubmissionEntry.READ ? timing.readCommandNs() : timing.writeCommandNs();
  }

  /** Goes its way through the device, at whose end it is executed. */
  @Override
  public void start() {
    Namespace named = namespace;
    if (status != NvmeStatus.SUCCESS || named == null) {
      transfer.pass();
      return;
    }
    DeviceFaults faults = controller.faults();
    if (faults != null && faults.hangs(queue, named, lba, blocks)) {
      return;
    }
    long offset = named.mediumOffset(lba);
    int bytes = blocks << named.format().blockShift();
    switch (opcode) {
      case SubmissionEntry.READ -> transfer.read(offset, bytes, key.isPresent());
      case SubmissionEntry.WRITE -> transfer.write(offset, bytes, key.isPresent(), forceUnitAccess);
      case SubmissionEntry.FLUSH -> transfer.flush();
      default -> transfer.pass();
    }
  }

  /**
   * Decodes the entry and checks opcode, flags, namespace, crypto extension, range, pages and data
   * units. The first error found, in this order, is the status.
   */
  private int check(long at) {
    if (opcode > SubmissionEntry.READ) {
      return NvmeStatus.INVALID_OPCODE;
    }
    if (SubmissionEntry.flags(memory, at) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    Namespace named = controller.namespace(SubmissionEntry.namespace(memory, at));
    if (named == null) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    namespace = named;
    flushPoint = named.medium().flushPoint();
    return opcode == SubmissionEntry.FLUSH ? NvmeStatus.SUCCESS : checkTransfer(at, named);
  }

  private int checkTransfer(long at, Namespace named) {
    int keyStatus = key.check(at, named);
    if (keyStatus != NvmeStatus.SUCCESS) {
      return keyStatus;
    }
    lba = SubmissionEntry.lba(memory, at);
    blocks = SubmissionEntry.blocks(memory, at);
    forceUnitAccess = SubmissionEntry.isForceUnitAccess(memory, at);
    if (lba < 0 || lba > named.blocks() - blocks) {
      return NvmeStatus.LBA_OUT_OF_RANGE;
    }
    long bytes = sizeBytes(named);
    if (bytes > controller.maxTransferBytes()) {
      return NvmeStatus.INVALID_FIELD;
    }
    int pagesStatus = pages.gather(at, (int) bytes);
    return pagesStatus == NvmeStatus.SUCCESS ? key.checkPages(at, pages, bytes) : pagesStatus;
  }

  /** Executes the command and completes it. */
  @Override
  public void run() {
    long startDun0 = key.dun0();
    long startDun1 = key.dun1();
    Namespace named = namespace;
    if (status == NvmeStatus.SUCCESS && named != null) {
      DeviceFaults faults = controller.faults();
      status = faults == null ? execute(named) : faults.execute(this, named);
      if (status == NvmeStatus.SUCCESS && (forceUnitAccess || !controller.isWriteCacheOn())) {
        named.medium().persist(named.mediumOffset(lba), sizeBytes(named));
      }
    }
    underWay = false;
    queue
        .eventLog()
        .add(
            controller.nowNs(),
            opcode,
            commandId,
            key.slot(),
            startDun0,
            startDun1,
            lba,
            blocks,
            status);
    queue.completed(this, status);
  }

  /** What medium and cipher throw becomes a status, as a device has nothing else to say it with. */
  int execute(Namespace named) {
    try {
      int keyStatus = key.prepare();
      if (keyStatus == NvmeStatus.SUCCESS && opcode == SubmissionEntry.READ) {
        keyStatus = key.checkRead();
      }
      if (keyStatus == NvmeStatus.SUCCESS) {
        transfer(named);
      }
      return keyStatus;
    } catch (UncheckedIOException ofMedium) {
      return NvmeStatus.WRITE_FAULT;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException ofCipherOrSegment) {
      return NvmeStatus.INTERNAL_ERROR;
    } finally {
      key.release();
    }
  }

  private void transfer(Namespace named) {
    Medium medium = named.medium();
    switch (opcode) {
      case SubmissionEntry.WRITE -> write(named, medium);
      case SubmissionEntry.READ -> read(named, medium);
      default -> medium.flush(flushPoint);
    }
  }

  private void write(Namespace named, Medium medium) {
    if (!medium.carriesBytes()) {
      return;
    }
    MemorySegment target = medium.segment();
    long start = named.mediumOffset(lba);
    long offset = start;
    medium.beforeWrite(start, sizeBytes(named));
    key.written();
    for (int run = 0; run < pages.runs(); run++) {
      key.toMedium(pages.offset(run), target, offset, pages.length(run));
      offset += pages.length(run);
    }
    controller.tracer.mediumTouched(true, target, start);
  }

  private void read(Namespace named, Medium medium) {
    if (!medium.carriesBytes()) {
      return;
    }
    MemorySegment source = medium.segment();
    long start = named.mediumOffset(lba);
    controller.tracer.mediumTouched(false, source, start);
    long offset = start;
    for (int run = 0; run < pages.runs(); run++) {
      key.toHost(source, offset, pages.offset(run), pages.length(run));
      offset += pages.length(run);
    }
  }

  private long sizeBytes(Namespace named) {
    return (long) blocks << named.format().blockShift();
  }

  /**
   * Power is lost. A write that is under way may be done or not; done, it lies in the volatile
   * cache, which then keeps any of its blocks, even if it was to force them to the medium.
   */
  void losePower(SplittableRandom chance) {
    Namespace named = namespace;
    if (underWay
        && status == NvmeStatus.SUCCESS
        && named != null
        && opcode == SubmissionEntry.WRITE
        && chance.nextBoolean()) {
      execute(named);
    }
  }
}
