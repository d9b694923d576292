package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.AdminOpcode;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;

/** Makes I/O queues, and deletes them. */
final class QueueCommands {
  private final NvmeController controller;
  private final Queues queues;

  QueueCommands(NvmeController controller) {
    this.controller = controller;
    queues = controller.queues();
  }

  int createCompletionQueue(AdminCommand command) {
    int id = queueId(command);
    int entries = queueEntries(command);
    int vector = command.cdw(11) >>> 16;
    boolean interrupts = (command.cdw(11) & AdminOpcode.INTERRUPTS_ENABLED) != 0;
    if (!queues.mayHaveCompletion(id) || queues.completion(id) != null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    if (!controller.vectors().isConnected(vector)) {
      return NvmeStatus.INVALID_INTERRUPT_VECTOR;
    }
    int status = ringStatus(command, entries, CompletionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      queues.addCompletion(id, command.prp1(), entries, vector, interrupts);
    }
    return status;
  }

  int createSubmissionQueue(AdminCommand command) {
    int id = queueId(command);
    int entries = queueEntries(command);
    if (!queues.mayHaveSubmission(id) || queues.submission(id) != null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    int completionId = command.cdw(11) >>> 16;
    CompletionQueue completions = queues.completion(completionId);
    if (completionId == NvmeController.ADMIN_QUEUE || completions == null) {
      return NvmeStatus.COMPLETION_QUEUE_INVALID;
    }
    int status = ringStatus(command, entries, SubmissionEntry.BYTES);
    if (status == NvmeStatus.SUCCESS) {
      int priority = command.cdw(11) >>> 1 & 3; // QPRIO
      queues.addSubmission(id, command.prp1(), entries, priority, completions);
    }
    return status;
  }

  int deleteSubmissionQueue(AdminCommand command) {
    IoSubmissionQueue queue = queues.submission(queueId(command));
    if (queue == null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    queue.delete();
    queues.remove(queue);
    return NvmeStatus.SUCCESS;
  }

  int deleteCompletionQueue(AdminCommand command) {
    int id = queueId(command);
    CompletionQueue queue = queues.completion(id);
    if (id == NvmeController.ADMIN_QUEUE || queue == null) {
      return NvmeStatus.INVALID_QUEUE_IDENTIFIER;
    }
    if (!queue.sources().isEmpty()) {
      return NvmeStatus.INVALID_QUEUE_DELETION;
    }
    queues.remove(queue);
    return NvmeStatus.SUCCESS;
  }

  private static int queueId(AdminCommand command) {
    return command.cdw(10) & 0xFFFF;
  }

  private static int queueEntries(AdminCommand command) {
    return (command.cdw(10) >>> 16) + 1;
  }

  private int ringStatus(AdminCommand command, int entries, int entryBytes) {
    if (entries < 2 || entries > NvmeController.MAX_QUEUE_ENTRIES) {
      return NvmeStatus.INVALID_QUEUE_SIZE;
    }
    if ((command.cdw(11) & AdminOpcode.CONTIGUOUS) == 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    long offset = command.prp1();
    if ((offset & (HostMemory.PAGE_BYTES - 1)) != 0) {
      return NvmeStatus.PRP_OFFSET_INVALID;
    }
    return DataPages.contains(controller.memory.segment(), offset, (long) entries * entryBytes)
        ? NvmeStatus.SUCCESS
        : NvmeStatus.DATA_TRANSFER_ERROR;
  }
}
