package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.nvme.AdminOpcode;
import blockdev.nvme.Feature;
import blockdev.nvme.Identify;
import blockdev.nvme.IdentifyController;
import blockdev.nvme.IdentifyNamespace;
import blockdev.nvme.InlineCryptoIdentity;
import blockdev.nvme.LogPage;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.Registers;
import blockdev.nvme.controller.NvmeController;
import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.RuntimePower;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The host's driver: brings the controller up through its registers and its admin queue, learns
 * from Identify what the device is, and makes of each namespace an {@link NvmeDisk} with queue
 * pairs of its own.
 *
 * <p>A command that does not complete in 30 seconds is aborted; if it is not there after another
 * 30, or an admin command not after 60, the controller is reset. Requests under way are then issued
 * again, after the host has put its keys back, up to 5 times each; then they end with TIMEOUT. A
 * controller that does not come back leaves its requests with OFFLINE.
 *
 * <p>Source: {@code drivers/nvme/host/pci.c} ({@code nvme_timeout}, {@code nvme_reset_work}).
 */
public final class NvmeDriver {
  /** What a bio can cover; the command takes more. A multiple of every block. */
  private static final int MAX_DISCARD_SECTORS = (Integer.MAX_VALUE >>> 9) & -8;

  private static final int LOG_BYTES = 64; // enough to have read it

  /** Bytes of a logical block address. */
  private static final int LBA_BYTES = 8;

  private final NvmeController controller;
  private final SimTime time;
  private final HostMemory hostMemory;
  private final List<EventQueue> queueEvents;
  private final int depth;
  private final int tags;
  private final Tracer tracer;
  private final KeyslotDriver keyslots;
  private final @Nullable KeyChannel keys; // null without Key Per I/O
  private final EventQueue adminEvents;
  private final AdminQueue admin;
  private final long page; // that Identify fills, while the device is brought up
  private final MemorySegment identity;
  private final int maxTransferBytes;
  private final CryptoProfile slots;
  private final boolean discards;
  private final boolean writesZeroes;
  private final int abortLimit;
  private int abortsUnderWay;
  private final long logPage;
  private final @Nullable DevicePower power; // null for a device that is never suspended
  private final List<NvmeDisk> disks = new ArrayList<>();
  private final List<DriverQueue> queues = new ArrayList<>(); // by queue id, less 1
  private Consumer<KeyslotCompletion> restoreKeys = done -> done.done(Errno.OK);
  private final List<KeyslotCompletion> waitingForReset = new ArrayList<>();
  private boolean resetting;
  private long resets;
  private long aborts;
  private long asyncEvents;

  /**
   * @param queueEvents the events that serve a queue pair, one for each hardware queue
   * @param depth commands that a queue pair can have under way, up to 1023
   * @param tags of the requests that a hardware queue has, at least {@code depth}
   * @param seed of the host's key encryption key, if it needs one
   */
  public NvmeDriver(
      NvmeController controller,
      SimTime time,
      HostMemory hostMemory,
      List<EventQueue> queueEvents,
      int depth,
      int tags,
      long seed,
      Tracer tracer) {
    if (depth < 1 || depth >= NvmeController.MAX_QUEUE_ENTRIES) {
      throw new IllegalArgumentException("depth must be from 1 to 1023, is " + depth);
    }
    this.controller = controller;
    this.time = time;
    this.hostMemory = hostMemory;
    this.queueEvents = List.copyOf(queueEvents);
    this.depth = depth;
    this.tags = tags;
    this.tracer = tracer;
    keyslots = new KeyslotDriver(controller, time, tracer);
    CryptoTiming timing = controller.timing().keys();
    power =
        timing.suspendAfterNs() == 0
            ? null
            : new DevicePower(time.newPowerSwitch(timing.resumeNs(), timing.suspendAfterNs()));
    adminEvents = time.newEventQueue();
    admin = new AdminQueue(controller, hostMemory, adminEvents, this::reset);
    logPage = Rings.allocate(hostMemory, LOG_BYTES);
    if (!admin.start()) {
      throw new IllegalStateException("the controller does not become ready");
    }

    page = Rings.allocate(hostMemory, Identify.BYTES);
    identity = hostMemory.segment().asSlice(page, Identify.BYTES);
    identify(0, IdentifyController.CNS);
    maxTransferBytes = IdentifyController.maxTransferBytes(identity);
    int namespaceCount = IdentifyController.namespaces(identity);
    discards = IdentifyController.has(identity, IdentifyController.ONCS_DATASET_MANAGEMENT);
    writesZeroes = IdentifyController.has(identity, IdentifyController.ONCS_WRITE_ZEROES);
    abortLimit = IdentifyController.aborts(identity);
    slots = InlineCryptoIdentity.profile(identity);
    keys = IdentifyController.hasKeyPerIo(identity) ? new KeyChannel(admin, hostMemory) : null;
    if (keys != null) {
      keys.open(seed);
    }
    for (int namespace = 1; namespace <= namespaceCount; namespace++) {
      disks.add(bringUp(namespace));
    }
    hostMemory.free(page, Identify.BYTES);

    listen(); // before the queues, so that nothing is left to happen when they are there
    WaitPoint made = new WaitPoint();
    int[] ended = new int[1];
    makeQueues(status -> {
      ended[0] = status;
      made.signal();
    });
    adminEvents.await(made);
    if (ended[0] != NvmeStatus.SUCCESS) {
      throw new IllegalStateException(
          "the I/O queues could not be made: " + NvmeStatus.describe(ended[0]));
    }
  }

  private void identify(int namespace, int structure) {
    admin.execute(new AdminRequest(AdminOpcode.IDENTIFY, namespace).data(page).cdw(10, structure));
  }

  private NvmeDisk bringUp(int namespace) {
    identify(namespace, IdentifyNamespace.CNS);
    int blockBytes = IdentifyNamespace.blockBytes(identity);
    BlockMetadata metadata = BlockMetadata.of(identity);
    long usableBlocks = metadata.isUsable() ? IdentifyNamespace.blocks(identity) : 0;
    long capacityBytes = usableBlocks * blockBytes;
    if (keys != null && IdentifyNamespace.isManaged(identity)) {
      int granuleBytes = blockBytes * IdentifyNamespace.keyPerIoGranularityBlocks(identity);
      identify(namespace, IdentifyNamespace.INDEPENDENT_CNS);
      CryptoProfile tagged =
          new CryptoProfile(
                  IdentifyNamespace.maxKeyTag(identity) + 1,
                  LBA_BYTES,
                  Map.of(CryptoMode.AES_256_XTS, blockBytes))
              .withDunFromAddress();
      return new NvmeDisk(
          limits(granuleBytes, QueueLimits.DMA_ALIGNMENT_BYTES, metadata, false),
          capacityBytes,
          tagged,
          new KeyTagDriver(keys, namespace, time, tracer),
          pairs(namespace, blockBytes, metadata, KeyPlace.TAG));
    }
    boolean keysWithCommands = slots.slotCount() == 0 && slots.hasModes();
    int alignmentBytes = keysWithCommands ? HostMemory.PAGE_BYTES : QueueLimits.DMA_ALIGNMENT_BYTES;
    return new NvmeDisk(
        limits(blockBytes, alignmentBytes, metadata, writesZeroes),
        capacityBytes,
        slots,
        keyslots,
        pairs(
            namespace, blockBytes, metadata, keysWithCommands ? KeyPlace.COMMAND : KeyPlace.SLOT));
  }

  /**
   * @param zeroes whether bios may ask for zeroes; where all data has a key they have none to bring
   */
  private QueueLimits limits(
      int blockBytes, int alignmentBytes, BlockMetadata metadata, boolean zeroes) {
    return new QueueLimits(
            blockBytes,
            maxTransferBytes,
            maxTransferBytes / QueueLimits.VIRT_BOUNDARY_BYTES,
            alignmentBytes)
        .withRanges(
            discards ? MAX_DISCARD_SECTORS : 0,
            zeroes ? maxTransferBytes >>> QueueLimits.SECTOR_SHIFT : 0)
        .withIntegrity(metadata.bytes() > 0);
  }

  private List<DriverQueue> pairs(
      int namespace, int blockBytes, BlockMetadata metadata, KeyPlace keyPlace) {
    List<DriverQueue> pairs = new ArrayList<>();
    for (EventQueue events : queueEvents) {
      DriverQueue queue =
          new DriverQueue(
              this,
              hostMemory,
              new Rings(hostMemory, depth),
              queues.size() + 1,
              namespace,
              blockBytes,
              metadata,
              maxTransferBytes / blockBytes,
              tags,
              keyPlace,
              power,
              events,
              tracer);
      pairs.add(queue);
      queues.add(queue);
    }
    return pairs;
  }

  /** Told a status. */
  private interface Made {
    void done(int status);
  }

  /** Asks for as many queues as there are to be, and makes them one after the other. */
  private void makeQueues(Made made) {
    int zeroBased = queues.size() - 1;
    admin.submit(
        new AdminRequest(AdminOpcode.SET_FEATURES, 0)
            .cdw(10, Feature.NUMBER_OF_QUEUES)
            .cdw(11, zeroBased << 16 | zeroBased),
        (status, granted) -> {
          boolean enough = (granted & 0xFFFF) >= zeroBased && granted >>> 16 >= zeroBased;
          if (status == NvmeStatus.SUCCESS && !enough) {
            made.done(NvmeStatus.INVALID_QUEUE_IDENTIFIER);
          } else {
            makeQueue(0, status, made);
          }
        });
  }

  private void makeQueue(int index, int soFar, Made made) {
    if (soFar != NvmeStatus.SUCCESS || index == queues.size()) {
      made.done(soFar);
      return;
    }
    DriverQueue queue = queues.get(index);
    admin.submit(
        queue.createCompletionQueue(),
        (status, result) -> {
          if (status != NvmeStatus.SUCCESS) {
            made.done(status);
          } else {
            admin.submit(
                queue.createSubmissionQueue(), (last, ignored) -> makeQueue(index + 1, last, made));
          }
        });
  }

  /** Lets the controller report events; each is answered by reading the log that it points to. */
  private void listen() {
    admin.submitAsyncEventRequest((status, event) -> {
      if (status != NvmeStatus.SUCCESS) {
        return; // of a reset, which listens again when it is over
      }
      asyncEvents++;
      admin.submit(
          new AdminRequest(AdminOpcode.GET_LOG_PAGE, 0)
              .data(logPage)
              .cdw(10, event >>> 16 & 0xFF | (LOG_BYTES / Integer.BYTES - 1) << 16),
          (readStatus, ignored) -> {
            if (readStatus != NvmeStatus.HOST_ABORTED) {
              listen();
            }
          });
    });
  }

  /** A command has timed out: aborts it, or says that no more can be aborted now. */
  boolean abort(int queueId, int commandId) {
    if (abortsUnderWay == abortLimit) {
      return false;
    }
    abortsUnderWay++;
    aborts++;
    admin.submit(
        new AdminRequest(AdminOpcode.ABORT, 0).cdw(10, queueId | commandId << 16),
        (status, result) -> abortsUnderWay--);
    return true;
  }

  boolean isControllerFatal() {
    return (controller.readRegister(Registers.CSTS) & Registers.CSTS_FATAL) != 0;
  }

  /** After a timeout. */
  void reset() {
    resetController(result -> {});
  }

  /**
   * Resets the controller and makes it what it was: queues, keys, requests under way.
   *
   * @param done told {@link Errno#OK}, or {@link Errno#EIO} if the controller does not come back
   */
  public void resetController(KeyslotCompletion done) {
    waitingForReset.add(done);
    if (resetting) {
      return;
    }
    resetting = true;
    resets++;
    queues.forEach(DriverQueue::stop);
    admin.stop();
    queues.forEach(DriverQueue::cancelAll);
    if (admin.start()) {
      makeQueues(this::queuesMade);
    } else {
      resetDone(Errno.EIO);
    }
  }

  private void queuesMade(int status) {
    if (status == NvmeStatus.SUCCESS) {
      listen();
      restoreKeys.accept(this::resetDone);
    } else {
      resetDone(Errno.EIO);
    }
  }

  private void resetDone(Errno result) {
    resetting = false;
    queues.forEach(queue -> queue.resume(result == Errno.OK));
    List<KeyslotCompletion> told = List.copyOf(waitingForReset);
    waitingForReset.clear();
    told.forEach(done -> done.done(result));
  }

  /** Sets how the host programs its keys again after a reset, before requests go on. */
  public void whenReset(Consumer<KeyslotCompletion> restoreKeys) {
    this.restoreKeys = restoreKeys;
  }

  NvmeController controller() {
    return controller;
  }

  AdminQueue admin() {
    return admin;
  }

  /** The namespaces, in order of their ids. */
  public List<NvmeDisk> disks() {
    return disks;
  }

  /** The device's runtime power management, null if it is never suspended. */
  public @Nullable RuntimePower runtimePower() {
    return power;
  }

  /**
   * Reads the beginning of a log page and waits for it. Not from an event.
   *
   * @param page of {@link LogPage}
   * @param bytes a multiple of 4, up to 4096
   */
  public byte[] readLog(int page, int bytes) {
    long at = Rings.allocate(hostMemory, Identify.BYTES);
    admin.execute(
        new AdminRequest(AdminOpcode.GET_LOG_PAGE, 0)
            .data(at)
            .cdw(10, page | LogPage.RETAIN_EVENT | (bytes / Integer.BYTES - 1) << 16));
    byte[] log = hostMemory.segment().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    hostMemory.free(at, Identify.BYTES);
    return log;
  }

  /** Controller resets since the device was brought up. */
  public long resets() {
    return resets;
  }

  /** Abort commands since the device was brought up. */
  public long aborts() {
    return aborts;
  }

  /** Asynchronous events that the controller reported. */
  public long asyncEvents() {
    return asyncEvents;
  }
}
