package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.sim.EventQueue;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One thread's way into a block device: takes bios, makes requests of them, and ends them. It has
 * its own tags, and below it a queue pair of its own ({@code struct blk_mq_hw_ctx}).
 *
 * <p>A bio goes: checks → split → merge with a request in the plug or the elevator, or else tag →
 * keyslot → plug → driver, or elevator while the driver has no room. Waits happen in that order:
 * tag, keyslot, ring entry. Not thread-safe: its thread submits, and its events end what was
 * submitted. Nothing allocates once as many bios have been split at a time as ever will be.
 */
public final class HardwareQueue implements BioSubmitter {
  private final BlockQueue device;
  private final IoThread thread;
  private final int index;
  private final EventQueue events;
  private final BlockDriver driver;
  private final KeyslotManager keyslots;
  private final QueueLimits limits;
  private final Tracer tracer;
  private final BioSplitter splitter;
  private final BioShape shape = new BioShape();

  private final Request[] requests; // by tag
  private final int[] freeTags;
  private int freeTagCount;
  private @Nullable Bio firstWaiting; // for a tag
  private @Nullable Bio lastWaiting;
  private boolean startingWaiting;
  private final Plug plug = new Plug();
  private final Elevator elevator;
  private final int driverDepth;
  private int issuedCount;
  private final ArrayDeque<Bio> freeFronts = new ArrayDeque<>();

  private long bios;
  private long contextsWithoutData;
  private long splits;
  private long backMerges;
  private long frontMerges;
  private long requestMerges;
  private long requestsStarted;
  private long requeues;
  private long tagWaits;

  HardwareQueue(
      BlockQueue device, IoThread thread, BlockDriver driver, int depth, Scheduler scheduler) {
    this.device = device;
    this.thread = thread;
    index = thread.index();
    events = thread.events();
    this.driver = driver;
    keyslots = device.keyslots();
    limits = device.limits();
    tracer = device.tracer();
    splitter = new BioSplitter(limits);
    driverDepth = depth;
    int requestCount = scheduler.requests(depth);
    elevator = new Elevator(requestCount, limits, this::absorbed);
    requests = new Request[requestCount];
    freeTags = new int[requestCount];
    for (int tag = requestCount - 1; tag >= 0; tag--) {
      requests[tag] = new Request(this, tag, events);
      freeTags[freeTagCount++] = tag;
    }
    thread.add(this);
  }

  /** Identifies this queue among those of its device, from 0. */
  public int index() {
    return index;
  }

  @Override
  public IoThread thread() {
    return thread;
  }

  Tracer tracer() {
    return tracer;
  }

  QueueLimits limits() {
    return limits;
  }

  @Override
  public void submit(Bio bio) {
    events.checkRunning();
    CryptoKey key = bio.crypt().key();
    if (key != null) {
      key.checkOpen();
    }
    bios++;
    tracer.bioSubmitted(bio);
    BioStatus refusal = refusal(bio, key);
    if (refusal == BioStatus.OK) {
      split(bio);
    } else {
      endUnstarted(bio, refusal);
    }
    if (!thread.isPlugged()) {
      events.poll();
    }
  }

  /** What {@code bio} ends with before it becomes a request, or OK. */
  private BioStatus refusal(Bio bio, @Nullable CryptoKey key) {
    if (key != null && !bio.hasData()) {
      contextsWithoutData++;
    }
    return SubmissionCheck.refusal(bio, limits, device.capacitySectors(), device.profile());
  }

  private void split(Bio bio) {
    while (true) {
      int frontBytes = splitter.frontBytes(bio);
      if (frontBytes == BioSplitter.MISALIGNED) {
        endUnstarted(bio, BioStatus.INVAL);
        return;
      }
      if (frontBytes == bio.sizeBytes()) {
        mergeOrStart(bio);
        return;
      }
      if (bio.isNoWait()) {
        endUnstarted(bio, BioStatus.AGAIN);
        return;
      }
      Bio front = freeFronts.isEmpty() ? new Bio(0, freeFronts::push) : freeFronts.pop();
      bio.splitInto(front, frontBytes);
      front.noMerge(); // it is as large as a request can be
      splits++;
      tracer.bioSplit(front, bio);
      mergeOrStart(front);
    }
  }

  private void endUnstarted(Bio bio, BioStatus status) {
    tracer.bioEnded(bio, status);
    bio.endPart(status);
  }

  private void mergeOrStart(Bio bio) {
    shape.measure(bio);
    Request newest = plug.newest();
    if (newest != null && newest.merge(bio, shape, limits)) {
      return;
    }
    if (bio.mayMerge() && elevator.merge(bio, shape)) {
      startWaitingBios(); // a request may have become free
      return;
    }
    if (freeTagCount > 0 && firstWaiting == null) {
      start(bio);
    } else if (bio.isNoWait()) {
      endUnstarted(bio, BioStatus.AGAIN);
    } else {
      tagWaits++;
      waitForTag(bio);
      thread.flushPlug();
    }
  }

  void merged(Request request, Bio bio, boolean atBack) {
    if (atBack) {
      backMerges++;
    } else {
      frontMerges++;
    }
    tracer.bioMerged(request.tag(), bio, atBack);
  }

  /** {@code request} has given its bios to the one that it continues. */
  private void absorbed(Request request) {
    requestMerges++;
    releaseSlot(request);
    freeTag(request);
  }

  private void waitForTag(Bio bio) {
    CryptoKey key = bio.crypt().key();
    if (key != null) {
      try {
        key.beginUse(); // or its owner could close it before the bio has a slot
      } catch (IllegalStateException closed) { // by another thread, since the bio was checked
        endUnstarted(bio, BioStatus.IOERR);
        return;
      }
    }
    bio.setNext(null);
    Bio last = lastWaiting;
    if (last == null) {
      firstWaiting = bio;
    } else {
      last.setNext(bio);
    }
    lastWaiting = bio;
  }

  private @Nullable Bio pollWaiting() {
    Bio bio = firstWaiting;
    if (bio != null) {
      firstWaiting = bio.next();
      bio.setNext(null);
      if (firstWaiting == null) {
        lastWaiting = null;
      }
    }
    return bio;
  }

  /** Gives {@code bio}, whose shape has been measured, a request, and the request a keyslot. */
  private void start(Bio bio) {
    Request request = requests[freeTags[--freeTagCount]];
    request.start(bio, shape);
    requestsStarted++;
    tracer.requestStarted(request.tag(), bio);
    CryptoKey key = bio.crypt().key();
    if (key != null) {
      int slot;
      try {
        slot = keyslots.acquire(request.acquire, key);
      } catch (IllegalStateException closed) { // by another thread, since the bio was checked
        fail(request, BioStatus.IOERR);
        return;
      }
      if (slot == KeyslotManager.PENDING) {
        thread.flushPlug();
        return;
      }
      if (slot >= 0) {
        request.hold(slot);
        tracer.keyslotGranted(request.tag(), slot, false);
      }
    }
    if (!thread.isPlugged()) {
      dispatch(request);
      return;
    }
    if (plug.isFull()) {
      flushPlug();
    }
    plug.add(request);
  }

  void slotGranted(Request request, int slot) {
    if (slot >= 0) {
      request.hold(slot);
      tracer.keyslotGranted(request.tag(), slot, true);
    }
    dispatch(request);
  }

  /** Hands {@code request} to the driver, or lets it wait while that has no room. */
  void dispatch(Request request) {
    if (issuedCount == driverDepth) {
      elevator.add(request);
      startWaitingBios(); // another request may have taken it over
    } else {
      issue(request);
    }
  }

  private void issue(Request request) {
    issuedCount++;
    request.noteIssued(events.nowNs());
    driver.issue(index, request);
  }

  void end(Request request, BioStatus status) {
    releaseSlot(request); // before the bios end, for their submitter may then evict the key
    request.endBios(status);
    ringEntryFreed();
    freeTag(request);
    startWaitingBios();
  }

  /** Ends a request that the driver has never seen. */
  void fail(Request request, BioStatus status) {
    request.endBios(status);
    freeTag(request);
    startWaitingBios();
  }

  void requeue(Request request, long delayNs) {
    requeues++;
    events.schedule(request.dispatchAgain, delayNs);
    ringEntryFreed();
  }

  void remeasure(Request request) {
    request.remeasure(shape);
  }

  private void ringEntryFreed() {
    issuedCount--;
    Request next = elevator.poll();
    if (next != null) {
      issue(next);
    }
  }

  private void releaseSlot(Request request) {
    int slot = request.slot();
    if (slot >= 0) {
      request.hold(Request.NO_SLOT);
      keyslots.release(slot);
    }
  }

  private void freeTag(Request request) {
    freeTags[freeTagCount++] = request.tag();
  }

  /** Starts bios that wait for a tag, as many as there are tags. Not entered again from inside. */
  private void startWaitingBios() {
    if (startingWaiting) {
      return;
    }
    startingWaiting = true;
    while (freeTagCount > 0 && firstWaiting != null) {
      Bio bio = pollWaiting();
      assert bio != null;
      CryptoKey key = bio.crypt().key();
      shape.measure(bio);
      start(bio);
      if (key != null) {
        key.endUse(); // the slot has its own, or the wait for one
      }
    }
    startingWaiting = false;
  }

  void flushPlug() {
    for (Request request = plug.poll(); request != null; request = plug.poll()) {
      dispatch(request);
    }
  }

  QueueCounters counters() {
    return new QueueCounters(
        bios,
        contextsWithoutData,
        splits,
        backMerges,
        frontMerges,
        requestMerges,
        requestsStarted,
        requeues,
        tagWaits);
  }
}
