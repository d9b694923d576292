package blockdev.nvme.driver;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.nvme.IdentifyData;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.NvmeController;
import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The host's driver: brings the controller up through its admin queue, learns from Identify what
 * the device is, and makes I/O queue pairs for each hardware queue of each namespace.
 */
public final class NvmeDriver {
  /** Bytes of a logical block address. */
  private static final int LBA_BYTES = 8;

  /** What a bio can cover; the command takes more. A multiple of every block. */
  private static final int MAX_DISCARD_SECTORS = (Integer.MAX_VALUE >>> 9) & -8;

  private final NvmeController controller;
  private final SimTime time;
  private final HostMemory hostMemory;
  private final List<EventQueue> queueEvents;
  private final int depth;
  private final int tags;
  private final Tracer tracer;
  private final AdminQueue admin;
  private final long page; // that Identify fills
  private final MemorySegment identity;
  private final CryptoProfile slots;
  private final KeyslotDriver keyslots;
  private final @Nullable KeyChannel keys; // null without Key Per I/O
  private final int maxTransferBytes;
  private final boolean discards;
  private final boolean writesZeroes;
  private final List<NamespaceDriver> namespaces = new ArrayList<>();
  private int lastQueue;
  private final @Nullable DevicePower power; // null for a device that is never suspended

  /**
   * @param queueEvents the events that serve the I/O queue pairs of each namespace, one for each
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
    admin = new AdminQueue(controller, hostMemory, time.newEventQueue());
    keyslots = new KeyslotDriver(controller, time, tracer);
    CryptoTiming timing = controller.timing().keys();
    power =
        timing.suspendAfterNs() == 0
            ? null
            : new DevicePower(time.newPowerSwitch(timing.resumeNs(), timing.suspendAfterNs()));

    page = Rings.allocate(hostMemory, IdentifyData.BYTES);
    identity = hostMemory.segment().asSlice(page, IdentifyData.BYTES);
    identify(IdentifyData.CNS_CONTROLLER, 0);
    maxTransferBytes = IdentifyData.maxTransferBytes(identity);
    slots = IdentifyData.cryptoProfile(identity);
    discards = IdentifyData.hasDatasetManagement(identity);
    writesZeroes = IdentifyData.hasWriteZeroes(identity);
    int count = IdentifyData.namespaces(identity);
    keys = IdentifyData.hasKeyPerIo(identity) ? new KeyChannel(admin, hostMemory) : null;
    if (keys != null) {
      keys.open(seed);
    }
    for (int id = 1; id <= count; id++) {
      namespaces.add(bringUp(id));
    }
    hostMemory.free(page, IdentifyData.BYTES);
  }

  private void identify(int cns, int namespace) {
    admin.require(SubmissionEntry.ADMIN_IDENTIFY, namespace, page, cns, 0);
  }

  private NamespaceDriver bringUp(int id) {
    identify(IdentifyData.CNS_NAMESPACE, id);
    int blockBytes = IdentifyData.blockBytes(identity);
    BlockMetadata metadata = BlockMetadata.of(identity);
    long capacityBytes = metadata.isUsable() ? IdentifyData.blocks(identity) * blockBytes : 0;
    int granuleBytes = blockBytes * IdentifyData.keyPerIoGranularityBlocks(identity);
    if (keys != null && IdentifyData.isManaged(identity)) {
      identify(IdentifyData.CNS_INDEPENDENT_NAMESPACE, id);
      CryptoProfile tagged =
          new CryptoProfile(
                  IdentifyData.maxKeyTag(identity) + 1,
                  LBA_BYTES,
                  Map.of(CryptoMode.AES_256_XTS, blockBytes))
              .withDunFromAddress();
      return new NamespaceDriver(
          limits(granuleBytes, QueueLimits.DMA_ALIGNMENT_BYTES, metadata, false),
          capacityBytes,
          tagged,
          new KeyTagDriver(keys, id, time, tracer),
          power,
          queues(id, blockBytes, metadata, KeyPlace.TAG));
    }
    boolean keysWithCommands = slots.slotCount() == 0 && slots.hasModes();
    int alignmentBytes = keysWithCommands ? HostMemory.PAGE_BYTES : QueueLimits.DMA_ALIGNMENT_BYTES;
    return new NamespaceDriver(
        limits(blockBytes, alignmentBytes, metadata, writesZeroes),
        capacityBytes,
        slots,
        keyslots,
        power,
        queues(id, blockBytes, metadata, keysWithCommands ? KeyPlace.COMMAND : KeyPlace.SLOT));
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

  private DriverQueue[] queues(
      int namespace, int blockBytes, BlockMetadata metadata, KeyPlace keyPlace) {
    DriverQueue[] queues = new DriverQueue[queueEvents.size()];
    for (int index = 0; index < queues.length; index++) {
      int id = ++lastQueue;
      Rings rings = new Rings(hostMemory, depth);
      DriverQueue queue =
          new DriverQueue(
              controller,
              hostMemory,
              rings,
              id,
              namespace,
              blockBytes,
              metadata,
              maxTransferBytes / blockBytes,
              tags,
              keyPlace,
              power,
              tracer);
      queues[index] = queue;
      controller.connectVector(id, queueEvents.get(index), queue::takeCompletions);
      int idAndSize = id | (rings.entries() - 1) << 16;
      admin.require(
          SubmissionEntry.ADMIN_CREATE_COMPLETION_QUEUE,
          0,
          rings.completionOffset(),
          idAndSize,
          id << 16 | SubmissionEntry.INTERRUPTS_ENABLED | SubmissionEntry.CONTIGUOUS);
      admin.require(
          SubmissionEntry.ADMIN_CREATE_SUBMISSION_QUEUE,
          0,
          rings.submissionOffset(),
          idAndSize,
          id << 16 | SubmissionEntry.CONTIGUOUS);
    }
    return queues;
  }

  /** The namespaces, the one with id 1 first. */
  public List<NamespaceDriver> namespaces() {
    return List.copyOf(namespaces);
  }
}
