package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.IdentifyData;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.NvmeController;
import blockdev.queue.BlockDriver;
import blockdev.queue.Request;
import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.RuntimePower;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's driver: brings the controller up through its admin queue, learns from Identify what
 * the device is, makes an I/O queue pair for each hardware queue, and turns requests into commands.
 */
public final class NvmeDriver implements BlockDriver {
  private static final int ADMIN_DEPTH = 1;

  /** What a bio can cover; the command takes more. A multiple of every block. */
  private static final int MAX_DISCARD_SECTORS = (Integer.MAX_VALUE >>> 9) & -8;

  /** The only namespace. */
  static final int NAMESPACE = 1;

  private final NvmeController controller;
  private final MemorySegment memory;
  private final KeyslotDriver keyslots;
  private final EventQueue adminEvents;
  private final Rings adminRings;
  private final WaitPoint adminDone = new WaitPoint();
  private int adminStatus;
  private final QueueLimits limits;
  private final CryptoProfile profile;
  private final long capacityBytes;
  private final DriverQueue[] queues;
  private final @Nullable DevicePower power; // null for a device that is never suspended

  /**
   * @param queueEvents the events that serve each I/O queue pair, one for each
   * @param depth commands that a queue pair can have under way, up to 1023
   * @param tags of the requests that a hardware queue has, at least {@code depth}
   */
  public NvmeDriver(
      NvmeController controller,
      SimTime time,
      HostMemory hostMemory,
      List<EventQueue> queueEvents,
      int depth,
      int tags,
      Tracer tracer) {
    if (depth < 1 || depth >= NvmeController.MAX_QUEUE_ENTRIES) {
      throw new IllegalArgumentException("depth must be from 1 to 1023, is " + depth);
    }
    this.controller = controller;
    memory = hostMemory.segment();
    keyslots = new KeyslotDriver(controller, time, tracer);
    CryptoTiming timing = controller.timing().keys();
    power =
        timing.suspendAfterNs() == 0
            ? null
            : new DevicePower(time.newPowerSwitch(timing.resumeNs(), timing.suspendAfterNs()));
    adminEvents = time.newEventQueue();
    adminRings = new Rings(hostMemory, ADMIN_DEPTH);
    controller.connectVector(0, adminEvents, this::takeAdminCompletion);
    controller.enable(
        adminRings.submissionOffset(), adminRings.completionOffset(), adminRings.entries());

    long page = Rings.allocate(hostMemory, IdentifyData.BYTES);
    MemorySegment identity = memory.asSlice(page, IdentifyData.BYTES);
    admin(SubmissionEntry.ADMIN_IDENTIFY, 0, page, IdentifyData.CNS_CONTROLLER, 0);
    int maxTransferBytes = IdentifyData.maxTransferBytes(identity);
    profile = IdentifyData.cryptoProfile(identity);
    boolean discards = IdentifyData.hasDatasetManagement(identity);
    boolean writesZeroes = IdentifyData.hasWriteZeroes(identity);
    admin(SubmissionEntry.ADMIN_IDENTIFY, NAMESPACE, page, IdentifyData.CNS_NAMESPACE, 0);
    int blockBytes = IdentifyData.blockBytes(identity);
    BlockMetadata metadata = BlockMetadata.of(identity);
    capacityBytes = metadata.isUsable() ? IdentifyData.blocks(identity) * blockBytes : 0;
    hostMemory.free(page, IdentifyData.BYTES);
    boolean keysWithCommands = profile.slotCount() == 0 && profile.hasModes();
    limits =
        new QueueLimits(
                blockBytes,
                maxTransferBytes,
                maxTransferBytes / QueueLimits.VIRT_BOUNDARY_BYTES,
                keysWithCommands ? HostMemory.PAGE_BYTES : QueueLimits.DMA_ALIGNMENT_BYTES)
            .withRanges(
                discards ? MAX_DISCARD_SECTORS : 0,
                writesZeroes ? maxTransferBytes >>> QueueLimits.SECTOR_SHIFT : 0)
            .withIntegrity(metadata.bytes() > 0);

    queues = new DriverQueue[queueEvents.size()];
    for (int index = 0; index < queues.length; index++) {
      int id = index + 1;
      Rings rings = new Rings(hostMemory, depth);
      DriverQueue queue =
          new DriverQueue(
              controller,
              hostMemory,
              rings,
              id,
              blockBytes,
              metadata,
              maxTransferBytes / blockBytes,
              tags,
              keysWithCommands,
              power,
              tracer);
      queues[index] = queue;
      controller.connectVector(id, queueEvents.get(index), queue::takeCompletions);
      int idAndSize = id | (rings.entries() - 1) << 16;
      admin(
          SubmissionEntry.ADMIN_CREATE_COMPLETION_QUEUE,
          0,
          rings.completionOffset(),
          idAndSize,
          id << 16 | SubmissionEntry.INTERRUPTS_ENABLED | SubmissionEntry.CONTIGUOUS);
      admin(
          SubmissionEntry.ADMIN_CREATE_SUBMISSION_QUEUE,
          0,
          rings.submissionOffset(),
          idAndSize,
          id << 16 | SubmissionEntry.CONTIGUOUS);
    }
  }

  /** Runs one admin command and waits for it. */
  private void admin(int opcode, int namespace, long prp1, int cdw10, int cdw11) {
    long at = adminRings.submissionEntry();
    SubmissionEntry.put(memory, at, opcode, 0, namespace, prp1, 0);
    SubmissionEntry.putCdw10(memory, at, cdw10);
    SubmissionEntry.putCdw11(memory, at, cdw11);
    adminDone.reset();
    controller.ringSubmissionDoorbell(0, adminRings.advanceSubmission());
    adminEvents.await(adminDone);
    if (adminStatus != NvmeStatus.SUCCESS) {
      throw new IllegalStateException(
          String.format(
              "admin command %02xh failed: %s", opcode, NvmeStatus.describe(adminStatus)));
    }
  }

  private void takeAdminCompletion() {
    long at = adminRings.nextCompletion();
    if (at >= 0) {
      adminStatus = CompletionEntry.status(memory, at);
      controller.ringCompletionDoorbell(0, adminRings.completionHead());
      adminDone.signal();
    }
  }

  @Override
  public void issue(int queueIndex, Request request) {
    queues[queueIndex].issue(request);
  }

  /** What the device takes in one request, as it identified itself. */
  public QueueLimits limits() {
    return limits;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /** What the device's inline crypto unit can do, as it identified itself. */
  public CryptoProfile profile() {
    return profile;
  }

  /** What resumes the device, null if it is never suspended. */
  public @Nullable RuntimePower runtimePower() {
    return power;
  }

  /** The way to the device's keyslots. */
  public KeyslotDevice keyslotDevice() {
    return keyslots;
  }
}
