package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.sim.Arbiter;
import org.jspecify.annotations.Nullable;

/**
 * A command of an I/O queue, from fetch to completion. As an event it is its own execution: the
 * instant at which it has its effect.
 *
 * <p>Abort, deletion of its queue and a controller reset end it before that instant; then the event
 * does nothing but free it for the next command. Until then it keeps its place in the device, as
 * work does that nobody wants any more.
 */
abstract class QueuedCommand implements Arbiter.Command, Runnable {
  final SubmissionQueue queue;
  private int commandId;
  private boolean underWay;
  private boolean ownsId; // no other command under way had it
  private boolean hangs; // its event will never come

  QueuedCommand(SubmissionQueue queue) {
    this.queue = queue;
  }

  final void begin(int commandId) {
    this.commandId = commandId;
    ownsId = queue.claimId(commandId);
    underWay = true;
    hangs = false;
  }

  /** Its event will never come, and it stays in the device until something ends it. */
  final void hang() {
    hangs = true;
  }

  /** Whether a command under way has the same id. */
  final boolean hasIdConflict() {
    return !ownsId;
  }

  final int commandId() {
    return commandId;
  }

  /** Whether the command was fetched and has not completed. */
  final boolean isUnderWay() {
    return underWay;
  }

  /** Of a fused pair the first lets the second go its way too, and then both are executed. */
  @Override
  public final void run() {
    QueuedCommand later = second();
    if (later != null) {
      later.start();
      return;
    }
    QueuedCommand earlier = first();
    if (earlier != null && !earlier.end()) {
      refuse(NvmeStatus.ABORTED_FAILED_FUSED);
    }
    end();
  }

  private boolean end() {
    if (!underWay) {
      queue.free(this);
      return false;
    }
    int status = execute();
    leave();
    queue.free(this); // first, for the host may have the next one fetched into it
    queue.completed(this, status);
    return status == NvmeStatus.SUCCESS;
  }

  /** The command ends without its effect. */
  final void cancel() {
    leave();
    if (hangs) {
      queue.free(this);
    }
  }

  private void leave() {
    underWay = false;
    if (ownsId) {
      queue.freeId(commandId);
    }
  }

  /** Has its effect, and returns its status. */
  abstract int execute();

  /** The command will end with {@code status} and without its effect, if nothing else is wrong. */
  abstract void refuse(int status);

  /** The second of a fused pair whose first this is, else null. */
  abstract @Nullable QueuedCommand second();

  /** The first of a fused pair whose second this is, else null. */
  abstract @Nullable QueuedCommand first();

  abstract int opcode();

  /** Dword 0 of the completion. */
  abstract int result();

  /** The block that its error is about, else where its range starts. */
  abstract long badLba();

  /** 0 for a namespace that is not there. */
  abstract int namespaceId();

  abstract long lba();

  /** Of data that a command which succeeds moves, without metadata. */
  abstract long dataBytes();
}
