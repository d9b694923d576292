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
 * The device's side of a submission queue: keeps commands under way, and hands out the next when
 * its turn comes. An I/O queue has its turns from the device's arbiter; the admin queue goes first,
 * and at once.
 */
final class SubmissionQueue implements Arbiter.Source {
  private final NvmeController controller;
  private final int id;
  private final long offset;
  private final int entries;
  private final CompletionQueue completions;
  private final Runnable executeAll = this::executeAll;
  private final Arbiter.@Nullable Queue turn; // null for the admin queue
  private boolean executeScheduled;
  private int head;
  private int tail;
  private final List<IoCommand> commands = new ArrayList<>();
  private final QueuedCommand[] freeCommands; // as many as completions can be outstanding
  private int freeCommandCount;
  private final NvmCommands nvmCommands;
  private final long[] idsUnderWay; // a bit for each, of I/O commands
  private boolean deleted;
  private final IoCounters counters = new IoCounters();
  private final EventLog eventLog = new EventLog();

  /**
   * @param priority one of the arbiter's classes
   */
  SubmissionQueue(
      NvmeController controller,
      int id,
      long offset,
      int entries,
      int priority,
      CompletionQueue completions) {
    this.controller = controller;
    this.id = id;
    this.offset = offset;
    this.entries = entries;
    this.completions = completions;
    nvmCommands = new NvmCommands(controller);
    turn = isAdmin() ? null : controller.arbiter().newQueue(this, priority, completions.events());
    idsUnderWay = new long[isAdmin() ? 0 : (0xFFFF >>> 6) + 1];
    freeCommands = new QueuedCommand[isAdmin() ? 0 : completions.capacity()];
    while (freeCommandCount < freeCommands.length) {
      freeCommands[freeCommandCount++] = newCommand();
    }
    completions.sources().add(this);
  }

  /** What the queue takes, if it is one for I/O. */
  NvmCommands commands() {
    return nvmCommands;
  }

  int id() {
    return id;
  }

  private boolean isAdmin() {
    return id == NvmeController.ADMIN_QUEUE;
  }

  CompletionQueue completions() {
    return completions;
  }

  IoCounters counters() {
    return counters;
  }

  EventLog eventLog() {
    return eventLog;
  }

  /** The host has written entries up to {@code newTail}; nonsense is ignored, and reported. */
  void written(int newTail) {
    if (newTail < 0 || newTail >= entries || written(head, newTail) < written(head, tail)) {
      controller.events().badDoorbellValue();
      return;
    }
    tail = newTail;
    askForTurn();
  }

  private int written(int from, int to) {
    return to >= from ? to - from : to - from + entries;
  }

  /** Completions have been taken, so that held-back commands may go on. */
  void roomForCompletions() {
    if (isAdmin()) {
      controller.events().deliver();
    }
    if (head != tail) {
      askForTurn();
    }
  }

  private void askForTurn() {
    if (turn != null) {
      turn.ready();
    } else if (!executeScheduled) {
      executeScheduled = true;
      completions.events().schedule(executeAll, 0);
    }
  }

  private void executeAll() {
    executeScheduled = false;
    while (hasNext()) {
      controller.admin().execute(new AdminCommand(controller, this, takeNext()));
    }
  }

  @Override
  public Arbiter.@Nullable Command fetch() {
    if (!hasNext()) {
      return null;
    }
    long at = entry(head);
    int next = after(head);
    if (!startsPair(at, next)) {
      IoCommand command = freeCommand();
      command.take(takeNext());
      return command;
    }
    if (!completions.reserve()) {
      completions.giveBack();
      return null; // until there is room for both
    }
    IoCommand first = freeCommand();
    IoCommand second = freeCommand();
    head = after(next);
    first.takePair(at, second, entry(next));
    return first;
  }

  private IoCommand freeCommand() {
    return freeCommandCount > 0 ? (IoCommand) freeCommands[--freeCommandCount] : newCommand();
  }

  /** Whether the entry at {@code at} and the next are a fused pair, for which there can be room. */
  private boolean startsPair(long at, int next) {
    MemorySegment memory = controller.memory.segment();
    return SubmissionEntry.fuse(memory, at) == SubmissionEntry.FUSED_FIRST
        && next != tail
        && SubmissionEntry.fuse(memory, entry(next)) == SubmissionEntry.FUSED_SECOND
        && completions.capacity() > 1;
  }

  /** Where entry {@code index} is in host memory. */
  private long entry(int index) {
    return offset + (long) index * SubmissionEntry.BYTES;
  }

  private int after(int index) {
    return index + 1 == entries ? 0 : index + 1;
  }

  private boolean hasNext() {
    return head != tail && !deleted && completions.reserve();
  }

  /** Where the next entry is in host memory. */
  private long takeNext() {
    long at = entry(head);
    head = after(head);
    return at;
  }

  /** One more than there are free only after an Abort, whose command's event is still to come. */
  private IoCommand newCommand() {
    IoCommand command = new IoCommand(controller, this, completions.events());
    commands.add(command);
    return command;
  }

  /** Takes an id for a command; false if another one under way has it. */
  boolean claimId(int commandId) {
    long bit = 1L << commandId;
    int word = commandId >>> 6;
    boolean free = (idsUnderWay[word] & bit) == 0;
    idsUnderWay[word] |= bit;
    return free;
  }

  void freeId(int commandId) {
    idsUnderWay[commandId >>> 6] &= ~(1L << commandId);
  }

  /** {@code command} has left the device. */
  void free(QueuedCommand command) {
    if (turn != null && !deleted && command.first() == null) {
      turn.left();
    }
    if (freeCommandCount < freeCommands.length) {
      freeCommands[freeCommandCount++] = command;
    } else {
      commands.remove(command);
    }
  }

  void completed(QueuedCommand command, int status) {
    counters.count(command.opcode(), command.dataBytes(), status);
    if (status != NvmeStatus.SUCCESS) {
      controller
          .errors()
          .add(id, command.commandId(), status, command.badLba(), command.namespaceId());
    }
    complete(command.commandId(), command.result(), status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    if (!deleted) {
      completions.post(head, id, commandId, result, status);
    }
  }

  /** Ends the command of that id before it has its effect; false if there is none under way. */
  boolean abort(int commandId) {
    for (int i = 0; i < commands.size(); i++) {
      IoCommand command = commands.get(i);
      if (command.isUnderWay() && command.commandId() == commandId) {
        end(command, NvmeStatus.ABORT_REQUESTED);
        return true;
      }
    }
    return false;
  }

  private void end(IoCommand command, int status) {
    command.cancel();
    complete(command.commandId(), 0, status);
  }

  /** What is under way in {@code namespace} will end with {@code status} and without its effect. */
  void refuse(Namespace namespace, int status) {
    for (IoCommand command : commands) {
      if (command.isUnderWay() && command.namespaceId() == namespace.id()) {
        command.refuse(status);
      }
    }
  }

  /** Delete I/O Submission Queue: what is under way ends, what was not fetched is gone. */
  void delete() {
    for (IoCommand command : List.copyOf(commands)) {
      if (command.isUnderWay()) {
        end(command, NvmeStatus.ABORTED_QUEUE_DELETION);
      }
    }
    detach();
    completions.sources().remove(this);
  }

  /** From now on nothing of this queue has an effect, or completes: a controller reset. */
  void detach() {
    deleted = true;
    if (turn != null) {
      turn.close();
    }
    for (IoCommand command : List.copyOf(commands)) {
      if (command.isUnderWay()) {
        command.cancel();
      }
    }
  }

  boolean isDeleted() {
    return deleted;
  }

  /** Nothing from here completes any more, although it is executed. */
  void stick() {
    completions.stick();
  }

  /** Power is lost while commands are under way. */
  void losePower(SplittableRandom chance) {
    for (IoCommand command : commands) {
      command.losePower(chance);
    }
  }
}
