package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Arbiter;
import blockdev.trace.EventLog;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A submission queue for I/O: has its turns from the device's arbiter, and keeps its commands from
 * fetch to completion.
 */
final class IoSubmissionQueue extends SubmissionQueue implements Arbiter.Source {
  private final MemorySegment memory;
  private final Arbiter.Queue turn;
  private final NvmCommands nvmCommands;
  private final List<QueuedCommand> commands = new ArrayList<>();
  private final QueuedCommand[] freeCommands; // as many as completions can be outstanding
  private int freeCommandCount;
  private final IoCounters counters = new IoCounters();
  private final EventLog eventLog = new EventLog();

  /**
   * @param id 1 or more
   * @param priority one of the arbiter's classes
   */
  IoSubmissionQueue(
      NvmeController controller,
      int id,
      long offset,
      int entries,
      int priority,
      CompletionQueue completions) {
    super(controller, id, offset, entries, completions);
    memory = controller.memory.segment();
    turn = controller.arbiter().newQueue(this, priority, completions.events());
    nvmCommands = new NvmCommands(controller);
    freeCommands = new QueuedCommand[completions.capacity()];
    while (freeCommandCount < freeCommands.length) {
      freeCommands[freeCommandCount++] = newCommand();
    }
  }

  IoCounters counters() {
    return counters;
  }

  EventLog eventLog() {
    return eventLog;
  }

  @Override
  void askForTurn() {
    turn.ready();
  }

  @Override
  public Arbiter.@Nullable Command fetch() {
    if (!hasNext()) {
      return null;
    }
    if (!startsPair()) {
      QueuedCommand command = freeCommand();
      command.take(takeNext());
      return command;
    }
    if (!completions().reserve()) {
      completions().giveBack();
      return null; // until there is room for both
    }
    QueuedCommand first = freeCommand();
    first.takePair(takeNext(), freeCommand(), takeNext());
    return first;
  }

  /** Whether the next two entries are a fused pair, for which there can be room. */
  private boolean startsPair() {
    return SubmissionEntry.fuse(memory, next()) == SubmissionEntry.FUSED_FIRST
        && afterNext() >= 0
        && SubmissionEntry.fuse(memory, afterNext()) == SubmissionEntry.FUSED_SECOND
        && completions().capacity() > 1;
  }

  private QueuedCommand freeCommand() {
    return freeCommandCount > 0 ? freeCommands[--freeCommandCount] : newCommand();
  }

  /** One more than there are free only after an Abort, whose command's event is still to come. */
  private QueuedCommand newCommand() {
    QueuedCommand command = new QueuedCommand(controller, this, nvmCommands);
    commands.add(command);
    return command;
  }

  /** {@code command} has left the device. */
  void free(QueuedCommand command) {
    if (!isDeleted() && !command.isSecond()) {
      turn.left();
    }
    if (freeCommandCount < freeCommands.length) {
      freeCommands[freeCommandCount++] = command;
    } else {
      commands.remove(command);
    }
  }

  /** The command of that id has had its effect, or is refused. */
  void completed(int commandId, IoCommand command, int status) {
    counters.count(command.opcode(), command.dataBytes(), status);
    if (status != NvmeStatus.SUCCESS) {
      controller.errors().add(id(), commandId, status, command.badLba(), command.namespaceId());
    }
    complete(commandId, command.result(), status);
  }

  /** Ends the command of that id before it has its effect; false if there is none under way. */
  boolean abort(int commandId) {
    for (int i = 0; i < commands.size(); i++) {
      QueuedCommand command = commands.get(i);
      if (command.isUnderWay() && command.commandId() == commandId) {
        end(command, NvmeStatus.ABORT_REQUESTED);
        return true;
      }
    }
    return false;
  }

  private void end(QueuedCommand command, int status) {
    command.cancel();
    complete(command.commandId(), 0, status);
  }

  /** What is under way in {@code namespace} will end with {@code status} and without its effect. */
  void refuse(Namespace namespace, int status) {
    for (QueuedCommand command : commands) {
      if (command.isUnderWay() && command.namespaceId() == namespace.id()) {
        command.refuse(status);
      }
    }
  }

  /** Delete I/O Submission Queue: what is under way ends, what was not fetched is gone. */
  void delete() {
    for (QueuedCommand command : List.copyOf(commands)) {
      if (command.isUnderWay()) {
        end(command, NvmeStatus.ABORTED_QUEUE_DELETION);
      }
    }
    detach();
    completions().sources().remove(this);
  }

  @Override
  void detach() {
    super.detach();
    turn.close();
    for (QueuedCommand command : List.copyOf(commands)) {
      if (command.isUnderWay()) {
        command.cancel();
      }
    }
  }

  /** Nothing from here completes any more, although it is executed. */
  void stick() {
    completions().stick();
  }

  /** Power is lost while commands are under way. */
  void losePower(SplittableRandom chance) {
    for (QueuedCommand command : commands) {
      command.losePower(chance);
    }
  }
}
