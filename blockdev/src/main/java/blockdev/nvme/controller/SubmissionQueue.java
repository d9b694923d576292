package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Arbiter;
import blockdev.sim.EventQueue;
import blockdev.trace.EventLog;
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
  private final IoCommand[] commands; // as many as completions can be outstanding
  private final IoCommand[] freeCommands;
  private int freeCommandCount;
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
    EventQueue events = completions.interrupt().events();
    boolean isAdmin = id == NvmeController.ADMIN_QUEUE;
    turn = isAdmin ? null : controller.arbiter().newQueue(this, priority, events);
    commands = new IoCommand[isAdmin ? 0 : completions.capacity()];
    while (freeCommandCount < commands.length) {
      commands[freeCommandCount++] = new IoCommand(controller, this, events);
    }
    freeCommands = commands.clone();
    completions.sources().add(this);
  }

  EventLog eventLog() {
    return eventLog;
  }

  /** The host has written entries up to {@code newTail}; nonsense is ignored. */
  void written(int newTail) {
    if (newTail >= 0 && newTail < entries) {
      tail = newTail;
      askForTurn();
    }
  }

  /** Completions have been taken, so that held-back commands may go on. */
  void roomForCompletions() {
    if (head != tail) {
      askForTurn();
    }
  }

  private void askForTurn() {
    if (turn != null) {
      turn.ready();
    } else if (!executeScheduled) {
      executeScheduled = true;
      completions.interrupt().events().schedule(executeAll, 0);
    }
  }

  private void executeAll() {
    executeScheduled = false;
    while (hasNext()) {
      controller.admin().execute(takeNext(), this, completions.interrupt().events());
    }
  }

  @Override
  public Arbiter.@Nullable Command fetch() {
    if (!hasNext()) {
      return null;
    }
    IoCommand command = freeCommands[--freeCommandCount];
    command.take(takeNext());
    return command;
  }

  private boolean hasNext() {
    return head != tail && completions.reserve();
  }

  /** Where the next entry is in host memory. */
  private long takeNext() {
    long at = offset + (long) head * SubmissionEntry.BYTES;
    if (++head == entries) {
      head = 0;
    }
    return at;
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

  void completed(IoCommand command, int status) {
    freeCommands[freeCommandCount++] = command;
    controller.arbiter().left();
    complete(command.commandId(), 0, status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    completions.post(head, id, commandId, result, status);
  }
}
