package blockdev.nvme.driver;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
import blockdev.memory.HostMemory;
import blockdev.nvme.AdminOpcode;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.DatasetRange;
import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.Registers;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.NvmeController;
import blockdev.queue.Request;
import blockdev.sim.EventQueue;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of an I/O queue pair: writes submission entries and PRP lists, takes completion
 * entries. A command's id is its request's tag, and there is a PRP list page for each tag. Where
 * keys come with commands there is a {@link KeyBlock} too, wiped before the request ends.
 *
 * <p>A command that failed and may succeed next time goes back to the block layer, which issues it
 * again. While the controller is reset, what is issued is held.
 */
final class DriverQueue implements CommandClock.Watched {
  /** Linux's {@code io_timeout}. */
  private static final int TIMEOUT_SECONDS = 30;

  /** Linux's {@code max_retries}. */
  private static final int MAX_RETRIES = 5;

  private final NvmeDriver driver;
  private final NvmeController controller;
  private final MemorySegment memory;
  private final Tracer tracer;
  private final int id;
  private final int namespace;
  private final KeyPlace keyPlace;
  private final int blockShift;
  private final int submissionDoorbell;
  private final int completionDoorbell;
  private final EventQueue events;
  private final Rings rings;
  private final CommandClock clock;
  private final long[] prpLists; // by tag
  private final @Nullable Request[] requests; // by tag
  private final byte[] retries; // by tag
  private final ArrayDeque<Request> held = new ArrayDeque<>();
  private boolean stopped;
  private boolean offline;
  private final @Nullable KeyBlocks keyBlocks; // null if keys are in slots
  private final @Nullable DevicePower power; // null for a device that is never suspended
  private final Runnable[] issueWhenResumed; // by tag, if there is power to resume
  private final boolean[] waitsForPower; // by tag
  private final BlockMetadata metadata;
  private final long[] metadataBuffers; // by tag; empty if no metadata moves
  private final SegmentCursor cursor = new SegmentCursor();
  private long prp1;
  private long prp2;

  /**
   * @param events those that serve the queue pair
   */
  DriverQueue(
      NvmeDriver driver,
      HostMemory memory,
      Rings rings,
      int id,
      int namespace,
      int blockBytes,
      BlockMetadata metadata,
      int maxBlocks,
      int tags,
      KeyPlace keyPlace,
      @Nullable DevicePower power,
      EventQueue events,
      Tracer tracer) {
    this.driver = driver;
    controller = driver.controller();
    this.memory = memory.segment();
    this.rings = rings;
    this.id = id;
    this.namespace = namespace;
    this.events = events;
    this.keyPlace = keyPlace;
    this.tracer = tracer;
    submissionDoorbell = Registers.submissionDoorbell(id);
    completionDoorbell = Registers.completionDoorbell(id);
    clock = new CommandClock(events, this, TIMEOUT_SECONDS, tags);
    retries = new byte[tags];
    blockShift = Integer.numberOfTrailingZeros(blockBytes);
    requests = new Request[tags];
    prpLists = new long[tags];
    for (int tag = 0; tag < tags; tag++) {
      prpLists[tag] = Rings.allocate(memory, HostMemory.PAGE_BYTES);
    }
    this.metadata = metadata;
    metadataBuffers = new long[metadata.moves() ? tags : 0];
    for (int tag = 0; tag < metadataBuffers.length; tag++) {
      metadataBuffers[tag] = Rings.allocate(memory, maxBlocks * metadata.bytes());
    }
    this.power = power;
    issueWhenResumed = new Runnable[power == null ? 0 : tags];
    waitsForPower = new boolean[tags];
    for (int tag = 0; tag < issueWhenResumed.length; tag++) {
      int itsTag = tag;
      issueWhenResumed[tag] = () -> issueWithPower(itsTag);
    }
    keyBlocks = keyPlace == KeyPlace.COMMAND ? new KeyBlocks(memory, tags) : null;
    controller.connectVector(id, events, this::takeCompletions);
  }

  /** Create I/O Completion Queue, for rings that are empty again. */
  AdminRequest createCompletionQueue() {
    rings.reset();
    return new AdminRequest(AdminOpcode.CREATE_COMPLETION_QUEUE, 0)
        .data(rings.completionOffset())
        .cdw(10, idAndSize())
        .cdw(11, id << 16 | AdminOpcode.INTERRUPTS_ENABLED | AdminOpcode.CONTIGUOUS);
  }

  /** Create I/O Submission Queue. */
  AdminRequest createSubmissionQueue() {
    return new AdminRequest(AdminOpcode.CREATE_SUBMISSION_QUEUE, 0)
        .data(rings.submissionOffset())
        .cdw(10, idAndSize())
        .cdw(11, id << 16 | AdminOpcode.CONTIGUOUS);
  }

  private int idAndSize() {
    return id | (rings.entries() - 1) << 16;
  }

  void issue(Request request) {
    if (stopped) {
      hold(request);
      return;
    }
    int tag = request.tag();
    requests[tag] = request;
    clock.issued(tag);
    if (power == null) {
      put(request);
    } else {
      waitsForPower[tag] = true;
      power.resume(issueWhenResumed[tag]);
    }
  }

  private void issueWithPower(int tag) {
    Request request = Objects.requireNonNull(requests[tag]);
    waitsForPower[tag] = false;
    if (stopped) {
      requests[tag] = null;
      Objects.requireNonNull(power).release();
      hold(request);
    } else {
      put(request);
    }
  }

  private void put(Request request) {
    int tag = request.tag();
    long at = rings.submissionEntry();
    switch (request.op()) {
      case READ -> putTransfer(at, SubmissionEntry.READ, request);
      case WRITE -> putTransfer(at, SubmissionEntry.WRITE, request);
      case FLUSH -> SubmissionEntry.put(memory, at, SubmissionEntry.FLUSH, tag, namespace, 0, 0);
      case DISCARD -> putDiscard(at, request);
      case WRITE_ZEROES -> putZeroes(at, request);
      case SECURE_ERASE ->
          throw new IllegalArgumentException("the queue does not let through: " + request.op());
    }
    CryptoContext crypt = request.crypt();
    CryptoKey key = crypt.key();
    if (key != null) {
      putKey(at, request, crypt, key);
    }
    if (tracer != Tracer.OFF) {
      tracer.commandIssued(id, memory.asSlice(at, SubmissionEntry.BYTES));
    }
    controller.writeRegister(submissionDoorbell, rings.advanceSubmission());
  }

  private void putKey(long at, Request request, CryptoContext crypt, CryptoKey key) {
    int slot = request.slot();
    if (keyBlocks != null) {
      slot = SubmissionEntry.CEV_KEY_BLOCK;
      SubmissionEntry.putKeyBlock(memory, at, keyBlocks.put(request.tag(), key));
    }
    assert slot != Request.NO_SLOT : "no slot for " + crypt;
    if (keyPlace == KeyPlace.TAG) {
      SubmissionEntry.putKeyTag(memory, at, slot);
    } else {
      SubmissionEntry.putCrypto(memory, at, slot, crypt.dun0(), crypt.dun1());
    }
  }

  private void putTransfer(long at, int opcode, Request request) {
    int tag = request.tag();
    listPages(request);
    SubmissionEntry.put(memory, at, opcode, tag, namespace, prp1, prp2);
    putRange(at, request);
    if (metadata.bytes() > 0) {
      putProtection(at, metadata.protection(), request);
      if (metadata.moves()) {
        SubmissionEntry.putMetadataPointer(memory, at, metadataBuffers[tag]);
      }
    }
  }

  private void putRange(long at, Request request) {
    SubmissionEntry.putRange(
        memory, at, lba(request), request.sizeBytes() >>> blockShift, request.isForceUnitAccess());
  }

  private long lba(Request request) {
    return request.sector() << QueueLimits.SECTOR_SHIFT >>> blockShift;
  }

  private void putProtection(long at, int protection, Request request) {
    SubmissionEntry.putProtection(memory, at, protection, (int) lba(request));
  }

  /** Dataset Management of one range, which lies where the list of pages would. */
  private void putDiscard(long at, Request request) {
    int tag = request.tag();
    long range = prpLists[tag];
    DatasetRange.put(memory, range, lba(request), request.sizeBytes() >>> blockShift);
    SubmissionEntry.put(memory, at, SubmissionEntry.DATASET_MANAGEMENT, tag, namespace, range, 0);
    SubmissionEntry.putCdw(memory, at, 11, SubmissionEntry.DEALLOCATE);
  }

  /** Write Zeroes that may deallocate ({@code nvme_setup_write_zeroes}). */
  private void putZeroes(long at, Request request) {
    SubmissionEntry.put(memory, at, SubmissionEntry.WRITE_ZEROES, request.tag(), namespace, 0, 0);
    putRange(at, request);
    SubmissionEntry.addCdw12(memory, at, SubmissionEntry.DEALLOCATE_ZEROES);
    if (metadata.protectionType() != 0) {
      putProtection(at, SubmissionEntry.PROTECTION_ACTION, request);
    }
  }

  /** Sets PRP1 and PRP2, through a list where there are more than two pages. */
  private void listPages(Request request) {
    long list = prpLists[request.tag()];
    int pages = 0;
    for (Bio bio = request.first(); bio != null; bio = bio.next()) {
      cursor.start(bio);
      while (cursor.next()) {
        long page = cursor.hostOffset();
        long end = cursor.endOffset();
        while (page < end) {
          if (pages == 0) {
            prp1 = page;
          } else {
            memory.set(SubmissionEntry.LONG, list + (long) (pages - 1) * Long.BYTES, page);
          }
          pages++;
          page = (page & -HostMemory.PAGE_BYTES) + HostMemory.PAGE_BYTES;
        }
      }
    }
    prp2 = pages > 2 ? list : pages == 2 ? memory.get(SubmissionEntry.LONG, list) : 0;
  }

  /**
   * Takes all completions that are there; the interrupt handler. While the controller is reset,
   * those that it had posted before are left, for their requests were taken back.
   */
  private void takeCompletions() {
    int headBefore = rings.completionHead();
    long at;
    while (!stopped && (at = rings.nextCompletion()) >= 0) {
      int tag = CompletionEntry.commandId(memory, at);
      int status = CompletionEntry.status(memory, at);
      boolean mayRetry = status != NvmeStatus.SUCCESS && !CompletionEntry.isDoNotRetry(memory, at);
      if (tracer != Tracer.OFF) {
        tracer.commandCompleted(id, memory.asSlice(at, CompletionEntry.BYTES));
      }
      end(tag, status, mayRetry);
    }
    if (!stopped && rings.completionHead() != headBefore) {
      controller.writeRegister(completionDoorbell, rings.completionHead());
    }
  }

  private void end(int tag, int status, boolean mayRetry) {
    Request request = requests[tag];
    assert request != null : "completion for a command that is not under way: " + tag;
    requests[tag] = null;
    if (power != null) {
      power.release();
    }
    if (keyBlocks != null) {
      keyBlocks.wipe(tag);
    }
    if (mayRetry && retries[tag] < MAX_RETRIES) {
      retries[tag]++;
      request.requeue(0);
      return;
    }
    retries[tag] = 0;
    request.end(NvmeStatus.toBioStatus(status));
  }

  @Override
  public boolean isUnderWay(int tag) {
    return requests[tag] != null && !waitsForPower[tag];
  }

  @Override
  public void timedOut(int tag, boolean warned) {
    if (warned || driver.isControllerFatal()) {
      driver.reset();
    } else if (driver.abort(id, tag)) {
      if (requests[tag] != null) {
        clock.warn(tag);
      }
    } else {
      clock.restart(tag);
    }
  }

  /** Holds what is issued from now on. */
  void stop() {
    stopped = true;
  }

  /** Takes back what is under way in a controller that has forgotten it. */
  void cancelAll() {
    for (int tag = 0; tag < requests.length; tag++) {
      if (isUnderWay(tag)) {
        end(tag, NvmeStatus.HOST_ABORTED, true);
      }
    }
  }

  /** Issues what was held, or ends it if there is no controller any more. */
  void resume(boolean controllerIsBack) {
    offline = !controllerIsBack;
    if (offline) {
      events.schedule(this::endHeld, 0);
      return;
    }
    stopped = false;
    for (int count = held.size(); count > 0; count--) {
      issue(held.remove());
    }
  }

  private void hold(Request request) {
    held.add(request);
    if (offline) {
      events.schedule(this::endHeld, 0);
    }
  }

  private void endHeld() {
    while (offline && !held.isEmpty()) {
      held.remove().end(BioStatus.OFFLINE);
    }
  }
}
