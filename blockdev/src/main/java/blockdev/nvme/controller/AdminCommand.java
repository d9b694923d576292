package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * A command of the admin queue, as it was when it was fetched. Data moves while it is executed; one
 * that takes longer completes later, and not at all if the controller is reset first.
 */
final class AdminCommand {
  /** In place of a status: the command completes later. */
  static final int LATER = -1;

  private final NvmeController controller;
  private final SubmissionQueue queue;
  private final long at;
  private final int opcode;
  private final int flags;
  private final int commandId;
  private final boolean ownsId; // no other command under way had it
  private final int namespace;
  private final int[] dwords = new int[6];
  private int result;

  AdminCommand(NvmeController controller, SubmissionQueue queue, long at) {
    MemorySegment memory = controller.memory.segment();
    this.controller = controller;
    this.queue = queue;
    this.at = at;
    opcode = SubmissionEntry.opcode(memory, at);
    flags = SubmissionEntry.flags(memory, at);
    commandId = SubmissionEntry.commandId(memory, at);
    ownsId = queue.ids().claim(commandId);
    namespace = SubmissionEntry.namespace(memory, at);
    for (int i = 0; i < dwords.length; i++) {
      dwords[i] = SubmissionEntry.cdw(memory, at, 10 + i);
    }
  }

  int opcode() {
    return opcode;
  }

  int flags() {
    return flags;
  }

  int commandId() {
    return commandId;
  }

  /** Whether a command under way has the same id. */
  boolean hasIdConflict() {
    return !ownsId;
  }

  int namespace() {
    return namespace;
  }

  long prp1() {
    return SubmissionEntry.prp1(controller.memory.segment(), at);
  }

  /** A command dword, {@code number} from 10 to 15. */
  int cdw(int number) {
    return dwords[number - 10];
  }

  /** Sets dword 0 of the completion. */
  void setResult(int value) {
    result = value;
  }

  /** Writes {@code data} to where the command's PRP entries say; a status. */
  int toHost(MemorySegment data) {
    return transfer(data, true);
  }

  /** Fills {@code data} from where the command's PRP entries say; a status. */
  int fromHost(MemorySegment data) {
    return transfer(data, false);
  }

  private int transfer(MemorySegment data, boolean toHost) {
    DataPages pages = controller.admin().pages();
    pages.clear();
    int status = pages.gather(at, (int) data.byteSize());
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    MemorySegment memory = controller.memory.segment();
    long done = 0;
    for (int run = 0; run < pages.runs(); run++) {
      if (toHost) {
        MemorySegment.copy(data, done, memory, pages.offset(run), pages.length(run));
      } else {
        MemorySegment.copy(memory, pages.offset(run), data, done, pages.length(run));
      }
      done += pages.length(run);
    }
    return NvmeStatus.SUCCESS;
  }

  void complete(int status) {
    if (ownsId) {
      queue.ids().free(commandId);
    }
    if (status != NvmeStatus.SUCCESS && !queue.isDeleted()) {
      controller.errors().add(queue.id(), commandId, status, 0, namespace);
    }
    queue.complete(commandId, result, status);
  }

  /** The queue that it came from, for a command that keeps no place for its completion. */
  SubmissionQueue queue() {
    return queue;
  }
}
