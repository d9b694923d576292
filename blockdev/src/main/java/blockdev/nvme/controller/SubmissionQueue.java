package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Arbiter;
import blockdev.sim.EventQueue;
import blockdev.trace.EventLog;
import java.lang.foreign.MemorySegment;
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
  private final NvmCommands nvmCommands;
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

  /** What the queue takes, if it is one for I/O. */
  NvmCommands commands() {
    return nvmCommands;
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
      controller.admin().execute(takeNext(), this);
    }
  }

  @Override
  public Arbiter.@Nullable Command fetch() {
    if (!hasNext()) {
      return null;
    }
    if (startsPair()) {
      return fetchPair();
    }
    IoCommand command = freeCommands[--freeCommandCount];
    command.take(takeNext());
    return command;
  }

  /** Whether the next two entries are a fused pair, for which there can be room. */
  private boolean startsPair() {
    MemorySegment memory = controller.memory.segment();
    int next = head + 1 == entries ? 0 : head + 1;
    return SubmissionEntry.fuse(memory, entry(head)) == SubmissionEntry.FUSED_FIRST
        && next != tail
        && SubmissionEntry.fuse(memory, entry(next)) == SubmissionEntry.FUSED_SECOND
        && completions.capacity() > 1;
  }

  /** Takes a pair as one command; null until there is room for both completions. */
  private Arbiter.@Nullable Command fetchPair() {
    if (!completions.reserve()) {
      completions.giveBack(); // that of the first
      return null;
    }
    IoCommand first = freeCommands[--freeCommandCount];
    IoCommand second = freeCommands[--freeCommandCount];
    first.takePair(takeNext(), second, takeNext());
    return first;
  }

  private long entry(int index) {
    return offset + (long) index * SubmissionEntry.BYTES;
  }

  private boolean hasNext() {
    return head != tail && completions.reserve();
  }

  /** Where the next entry is in host memory. */
  private long takeNext() {
    long at = entry(head);
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

  /** The one place where the outcome of an I/O command is known, whatever it is. */
  void completed(IoCommand command, int status) {
    freeCommands[freeCommandCount++] = command;
    if (!command.isSecond()) { // with its first it is one command of the arbiter's
      controller.arbiter().left();
    }
    complete(command.commandId(), command.result(), status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    completions.post(head, id, commandId, result, status);
  }
}
