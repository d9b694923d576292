package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.IdentifyData;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.sim.EventQueue;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What the device does with commands of the admin queue: Identify, and creating I/O queues. */
final class AdminCommands {
  private final NvmeController controller;
  private final MemorySegment memory;
  private final @Nullable SecurityCommands security; // null for a device without

  AdminCommands(NvmeController controller) {
    this.controller = controller;
    memory = controller.memory.segment();
    KeyPerIo keys = controller.keyPerIo;
    security =
        keys == null ? null : new SecurityCommands(controller, keys, controller.newStation());
  }

  /** Executes the command at {@code at} in host memory and completes it in {@code queue}. */
  void execute(long at, SubmissionQueue queue, EventQueue events) {
    if (security != null && isSecurity(SubmissionEntry.opcode(memory, at))) {
      security.execute(at, queue, events);
      return;
    }
    int commandId = SubmissionEntry.commandId(memory, at);
    queue.complete(commandId, 0, execute(at));
  }

  private static boolean isSecurity(int opcode) {
    return opcode == SubmissionEntry.ADMIN_SECURITY_SEND
        || opcode == SubmissionEntry.ADMIN_SECURITY_RECEIVE;
  }

  private int execute(long at) {
    return switch (SubmissionEntry.opcode(memory, at)) {
      case SubmissionEntry.ADMIN_IDENTIFY -> identify(at);
      case SubmissionEntry.ADMIN_CREATE_COMPLETION_QUEUE -> createCompletionQueue(at);
      case SubmissionEntry.ADMIN_CREATE_SUBMISSION_QUEUE -> createSubmissionQueue(at);
      default -> NvmeStatus.INVALID_OPCODE;
    };
  }

  private int identify(long at) {
    long target = SubmissionEntry.prp1(memory, at);
    if ((target & (HostMemory.PAGE_BYTES - 1)) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    if (!DataPages.contains(memory, target, IdentifyData.BYTES)) {
      return NvmeStatus.DATA_TRANSFER_ERROR;
    }
    switch (SubmissionEntry.cdw10(memory, at) & 0xFF) {
      case IdentifyData.CNS_CONTROLLER ->
          IdentifyData.putController(
              memory.asSlice(target, IdentifyData.BYTES),
              NvmeController.MAX_TRANSFER_PAGES,
              controller.namespaceCount(),
              NvmLimits.OPTIONAL_COMMANDS,
              controller.crypto.profile(),
              controller.keyPerIo != null);
      case IdentifyData.CNS_NAMESPACE -> {
        Namespace named = controller.namespace(SubmissionEntry.namespace(memory, at));
        if (named == null) {
          return NvmeStatus.INVALID_NAMESPACE;
        }
        LbaFormat format = named.format();
        IdentifyData.putNamespace(
            memory.asSlice(target, IdentifyData.BYTES),
            named.blocks(),
            format.blockBytes(),
            format.metadataBytes(),
            format.isExtended(),
            format.protectionType());
        KeyPerIo keys = controller.keyPerIo;
        if (keys != null) {
          IdentifyData.putKeyPerIo(
              memory.asSlice(target, IdentifyData.BYTES),
              keys.isManaged(named.id()),
              keys.granularityBlocks());
        }
      }
      case IdentifyData.CNS_INDEPENDENT_NAMESPACE -> {
        Namespace named = controller.namespace(SubmissionEntry.namespace(memory, at));
        if (named == null) {
          return NvmeStatus.INVALID_NAMESPACE;
        }
        KeyPerIo keys = controller.keyPerIo;
        IdentifyData.putIndependentNamespace(
            memory.asSlice(target, IdentifyData.BYTES),
            keys != null,
            keys == null ? 0 : keys.keyTags(named.id()));
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
    int vector = SubmissionEntry.cdw11(memory, at) >>> 16;
    if (!controller.isIoQueueId(id) || controller.completionQueue(id) != null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    if (!controller.hasVector(vector)) {
      return NvmeStatus.INVALID_INTERRUPT_VECTOR;
    }
    int status = ringStatus(at, entries, CompletionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      controller.addCompletionQueue(id, SubmissionEntry.prp1(memory, at), entries, vector);
    }
    return status;
  }

  private int createSubmissionQueue(long at) {
    int id = queueId(at);
    int entries = queueEntries(at);
    if (!controller.isIoQueueId(id) || controller.submissionQueue(id) != null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    int completionId = SubmissionEntry.cdw11(memory, at) >>> 16;
    CompletionQueue completions = controller.completionQueue(completionId);
    if (completionId == NvmeController.ADMIN_QUEUE || completions == null) {
      return NvmeStatus.COMPLETION_QUEUE_INVALID;
    }
    int status = ringStatus(at, entries, SubmissionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      int priority = SubmissionEntry.cdw11(memory, at) >>> 1 & 3; // QPRIO
      controller.addSubmissionQueue(
          id, SubmissionEntry.prp1(memory, at), entries, priority, completions);
    }
    return status;
  }

  private int queueId(long at) {
    return SubmissionEntry.cdw10(memory, at) & 0xFFFF;
  }

  private int queueEntries(long at) {
    return (SubmissionEntry.cdw10(memory, at) >>> 16) + 1;
  }

  private int ringStatus(long at, int entries, int entryBytes) {
    if (entries < 2 || entries > NvmeController.MAX_QUEUE_ENTRIES) {
      return NvmeStatus.INVALID_QUEUE_SIZE;
    }
    long offset = SubmissionEntry.prp1(memory, at);
    if ((offset & (HostMemory.PAGE_BYTES - 1)) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    return DataPages.contains(memory, offset, (long) entries * entryBytes)
        ? NvmeStatus.SUCCESS
        : NvmeStatus.DATA_TRANSFER_ERROR;
  }
}
