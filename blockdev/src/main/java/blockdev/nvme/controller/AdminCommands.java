package blockdev.nvme.controller;

import static blockdev.nvme.AdminOpcode.ABORT;
import static blockdev.nvme.AdminOpcode.ASYNC_EVENT_REQUEST;
import static blockdev.nvme.AdminOpcode.CREATE_COMPLETION_QUEUE;
import static blockdev.nvme.AdminOpcode.CREATE_SUBMISSION_QUEUE;
import static blockdev.nvme.AdminOpcode.DELETE_COMPLETION_QUEUE;
import static blockdev.nvme.AdminOpcode.DELETE_SUBMISSION_QUEUE;
import static blockdev.nvme.AdminOpcode.FORMAT_NVM;
import static blockdev.nvme.AdminOpcode.GET_FEATURES;
import static blockdev.nvme.AdminOpcode.GET_LOG_PAGE;
import static blockdev.nvme.AdminOpcode.IDENTIFY;
import static blockdev.nvme.AdminOpcode.KEEP_ALIVE;
import static blockdev.nvme.AdminOpcode.SANITIZE;
import static blockdev.nvme.AdminOpcode.SECURITY_RECEIVE;
import static blockdev.nvme.AdminOpcode.SECURITY_SEND;
import static blockdev.nvme.AdminOpcode.SET_FEATURES;

import blockdev.nvme.NvmeStatus;
import java.io.UncheckedIOException;

/** Gives each command of the admin queue to what executes it. */
final class AdminCommands {
  private final NvmeController controller;
  private final DataPages pages;
  private final QueueCommands queues;
  private final IdentifyCommand identify;
  private final FeatureCommands features;
  private final LogPages logs;
  private final FormatCommand format;
  private final SecurityCommands security;

  AdminCommands(NvmeController controller) {
    this.controller = controller;
    pages = new DataPages(controller.memory.segment(), controller.maxTransferBytes());
    queues = new QueueCommands(controller);
    identify = new IdentifyCommand(controller);
    features = new FeatureCommands(controller);
    logs = new LogPages(controller);
    format = new FormatCommand(controller);
    security = new SecurityCommands(controller);
  }

  SecurityCommands security() {
    return security;
  }

  /** For the transfer of one command at a time. */
  DataPages pages() {
    return pages;
  }

  /** Executes a command, and completes it unless that comes later. */
  void execute(AdminCommand command) {
    int status;
    try {
      status = statusOf(command);
    } catch (UncheckedIOException ofMedium) { // as it was told to make its cache durable
      status = NvmeStatus.WRITE_FAULT;
    }
    if (status != AdminCommand.LATER) {
      command.complete(status);
    }
  }

  private int statusOf(AdminCommand command) {
    if (command.hasIdConflict()) {
      return NvmeStatus.COMMAND_ID_CONFLICT;
    }
    int refusal = controller.sanitize().refusal(command.opcode());
    if (refusal != NvmeStatus.SUCCESS) {
      return refusal;
    }
    if (isKnown(command.opcode()) && command.flags() != 0) {
      return NvmeStatus.INVALID_FIELD; // no admin command is fused, or takes SGLs
    }
    return switch (command.opcode()) {
      case DELETE_SUBMISSION_QUEUE -> queues.deleteSubmissionQueue(command);
      case CREATE_SUBMISSION_QUEUE -> queues.createSubmissionQueue(command);
      case GET_LOG_PAGE -> logs.get(command);
      case DELETE_COMPLETION_QUEUE -> queues.deleteCompletionQueue(command);
      case CREATE_COMPLETION_QUEUE -> queues.createCompletionQueue(command);
      case IDENTIFY -> identify.execute(command);
      case ABORT -> abort(command);
      case SET_FEATURES -> features.set(command);
      case GET_FEATURES -> features.get(command);
      case ASYNC_EVENT_REQUEST -> controller.events().request(command);
      case KEEP_ALIVE -> NvmeStatus.SUCCESS; // there is no transport that could have gone away
      case FORMAT_NVM -> format.execute(command);
      case SECURITY_SEND -> security.send(command);
      case SECURITY_RECEIVE -> security.receive(command);
      case SANITIZE -> controller.sanitize().execute(command);
      default -> NvmeStatus.INVALID_OPCODE;
    };
  }

  private static boolean isKnown(int opcode) {
    return (CommandEffects.ofAdmin(opcode) & CommandEffects.SUPPORTED) != 0;
  }

  /**
   * Abort is done at once, so there is never more than one. Dword 0 says whether the command was
   * ended; one that has completed, or hangs deeper than Abort can reach, was not.
   */
  private int abort(AdminCommand command) {
    int queueId = command.cdw(10) & 0xFFFF;
    int commandId = command.cdw(10) >>> 16;
    boolean aborted;
    if (queueId == NvmeController.ADMIN_QUEUE) {
      aborted = controller.events().abort(commandId);
    } else {
      IoSubmissionQueue queue = controller.queues().submission(queueId);
      aborted = queue != null && queue.abort(commandId);
    }
    command.setResult(aborted ? 0 : 1);
    return NvmeStatus.SUCCESS;
  }
}
