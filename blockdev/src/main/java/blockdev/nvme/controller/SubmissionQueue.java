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
  private final IoCommand[] all; // as many as completions can be outstanding
  private final IoCommand[] freeCommands;
  private int freeCommandCount;
  private final NvmCommands commands;
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
    commands = new NvmCommands(controller);
    EventQueue events = completions.interrupt().events();
    boolean isAdmin = id == NvmeController.ADMIN_QUEUE;
    turn = isAdmin ? null : controller.arbiter().newQueue(this, priority, events);
    all = new IoCommand[isAdmin ? 0 : completions.capacity()];
    while (freeCommandCount < all.length) {
      all[freeCommandCount++] = new IoCommand(controller, this, events);
    }
    freeCommands = all.clone();
    completions.sources().add(this);
  }

  /** What the queue takes, if it is one for I/O. */
  NvmCommands commands() {
    return commands;
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
      long at = entry(head);
      head = after(head);
      controller.admin().execute(at, this, completions.interrupt().events());
    }
  }

  @Override
  public Arbiter.@Nullable Command fetch() {
    if (!hasNext()) {
      return null;
    }
    IoCommand command = freeCommands[--freeCommandCount];
    long at = entry(head);
    int next = after(head);
    if (!startsPair(at, next)) {
      head = next;
      command.take(at);
      return command;
    }
    if (!completions.reserve()) {
      completions.giveBack();
      freeCommandCount++;
      return null; // until there is room for both
    }
    head = after(next);
    command.takePair(at, freeCommands[--freeCommandCount], entry(next));
    return command;
  }

  private boolean hasNext() {
    return head != tail && completions.reserve();
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

  /** Nothing from here completes any more, although it is executed. */
  void stick() {
    completions.stick();
  }

  /** Power is lost while commands are under way. */
  void losePower(SplittableRandom chance) {
    for (IoCommand command : all) {
      command.losePower(chance);
    }
  }

  /** The one place where the outcome of an I/O command is known, whatever it is. */
  void completed(IoCommand command, int status) {
    freeCommands[freeCommandCount++] = command;
    if (!command.isSecond()) {
      controller.arbiter().left();
    }
    complete(command.commandId(), command.result(), status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    completions.post(head, id, commandId, result, status);
  }
}
