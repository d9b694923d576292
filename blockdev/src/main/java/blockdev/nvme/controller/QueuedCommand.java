package blockdev.nvme.controller;

import blockdev.fault.FaultKind.Occasion;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Arbiter;
import blockdev.sim.MediaTiming;
import blockdev.sim.Transfer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A command of an I/O queue on its way through the device, from fetch to completion. What it says
 * and does is its {@link IoCommand}'s. As an event it is its own execution: the instant at which it
 * has its effect.
 *
 * <p>Abort, deletion of its queue and a controller reset end it before that instant; then the event
 * does nothing but free it for the next command. Until then it keeps its place in the device, as
 * work does that nobody wants any more.
 *
 * <p>The commands of a fused pair go their ways one after the other, and are executed together.
 */
final class QueuedCommand implements Arbiter.Command, Runnable {
  private final NvmeController controller;
  private final IoSubmissionQueue queue;
  private final IoCommand command;
  private final Transfer transfer;
  private int commandId;
  private boolean ownsId; // no other command under way had it
  private boolean underWay;
  private boolean hangs; // its event will never come
  private int status;
  private @Nullable QueuedCommand second; // of the fused pair whose first this is
  private @Nullable QueuedCommand first; // of the fused pair whose second this is

  QueuedCommand(NvmeController controller, IoSubmissionQueue queue, NvmCommands nvmCommands) {
    this.controller = controller;
    this.queue = queue;
    command = new IoCommand(controller, nvmCommands);
    transfer = controller.media().newTransfer(queue.completions().events(), this);
  }

  /** Takes over the entry at {@code at}, and checks it. */
  void take(long at) {
    take(at, false);
  }

  /** Takes over the entries of a fused pair, the second in {@code other}, and checks them. */
  void takePair(long at, QueuedCommand other, long otherAt) {
    take(at, true);
    other.take(otherAt, true);
    second = other;
    other.first = this;
    int pairStatus = command.checkPair(status, other.command, other.status);
    refuse(pairStatus);
    other.refuse(pairStatus);
  }

  private void take(long at, boolean inPair) {
    commandId = SubmissionEntry.commandId(controller.memory.segment(), at);
    ownsId = queue.ids().claim(commandId);
    underWay = true;
    hangs = false;
    first = null;
    second = null;
    command.take(at);
    status = ownsId ? command.check(at, inPair) : NvmeStatus.COMMAND_ID_CONFLICT;
  }

  @Override
  public long frontEndNs() {
    MediaTiming timing = controller.timing().media();
    return command.occasion() == Occasion.READ ? timing.readCommandNs() : timing.writeCommandNs();
  }

  /** Goes its way through the device, at whose end it is executed. */
  @Override
  public void start() {
    if (status != NvmeStatus.SUCCESS || !underWay) {
      transfer.pass();
      return;
    }
    DeviceFaults faults = controller.faults();
    if (faults == null || !faults.hangs(queue, command)) {
      command.start(transfer);
      return;
    }
    hangs = true;
    QueuedCommand other = first == null ? second : first;
    if (other != null) {
      other.hangs = true; // for it is executed with this one
    }
  }

  /** Of a fused pair the first lets the second go its way too, and then both are executed. */
  @Override
  public void run() {
    QueuedCommand later = second;
    if (later != null) {
      later.start();
      return;
    }
    QueuedCommand earlier = first;
    if (earlier != null && !earlier.end()) {
      refuse(NvmeStatus.ABORTED_FAILED_FUSED);
    }
    end();
  }

  /** Has its effect, and completes; whether that is a success. */
  private boolean end() {
    if (!underWay) {
      queue.free(this);
      return false;
    }
    execute();
    leave();
    int ended = status;
    queue.free(this); // first, for the host may have the next one fetched into it
    queue.completed(commandId, command, ended);
    return ended == NvmeStatus.SUCCESS;
  }

  private void execute() {
    long startDun0 = command.key().dun0();
    long startDun1 = command.key().dun1();
    if (status == NvmeStatus.SUCCESS) {
      status = command.execute();
    }
    queue
        .eventLog()
        .add(
            controller.nowNs(),
            command.opcode(),
            commandId,
            command.key().slot(),
            startDun0,
            startDun1,
            command.lba(),
            command.blocks(),
            status);
  }

  /** The command will end with {@code error} and without its effect, if nothing else is wrong. */
  void refuse(int error) {
    if (status == NvmeStatus.SUCCESS) {
      status = error;
    }
  }

  /** The command ends without its effect. */
  void cancel() {
    leave();
    if (hangs) {
      queue.free(this);
    }
  }

  private void leave() {
    underWay = false;
    if (ownsId) {
      queue.ids().free(commandId);
    }
  }

  /**
   * Power is lost. What a command that is under way does may be done or not; done, it lies in the
   * volatile cache, which then keeps any of its blocks, even if it was to force them to the medium.
   */
  void losePower(SplittableRandom chance) {
    if (!underWay || status != NvmeStatus.SUCCESS || first != null) {
      return;
    }
    QueuedCommand paired = second;
    if (paired != null) {
      if (paired.status == NvmeStatus.SUCCESS
          && chance.nextBoolean()
          && command.perform() == NvmeStatus.SUCCESS) {
        paired.command.perform();
      }
    } else if (command.changesBlocks() && chance.nextBoolean()) {
      command.perform();
    }
  }

  /** Whether the command was fetched and has not completed. */
  boolean isUnderWay() {
    return underWay;
  }

  int commandId() {
    return commandId;
  }

  int namespaceId() {
    return command.namespaceId();
  }

  /** Whether it is the second of a fused pair, which counts as one command with the first. */
  boolean isSecond() {
    return first != null;
  }
}
