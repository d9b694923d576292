package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;
import blockdev.trace.EventLog;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** The device's side of a submission queue: fetches entries and keeps commands under way. */
final class SubmissionQueue {
  private final NvmeController controller;
  private final int id;
  private final long offset;
  private final int entries;
  private final CompletionQueue completions;
  private final Runnable fetch = this::fetch;
  private boolean fetchScheduled;
  private int head;
  private int tail;
  private final IoCommand[] all; // as many as completions can be outstanding
  private final IoCommand[] freeCommands;
  private int freeCommandCount;
  private final NvmCommands commands;
  private final EventLog eventLog = new EventLog();

  SubmissionQueue(
      NvmeController controller, int id, long offset, int entries, CompletionQueue completions) {
    this.controller = controller;
    this.id = id;
    this.offset = offset;
    this.entries = entries;
    this.completions = completions;
    commands = new NvmCommands(controller);
    all = new IoCommand[id == NvmeController.ADMIN_QUEUE ? 0 : completions.capacity()];
    while (freeCommandCount < all.length) {
      all[freeCommandCount++] = new IoCommand(controller, this);
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
      scheduleFetch();
    }
  }

  /** Completions have been taken, so that held-back commands may go on. */
  void roomForCompletions() {
    if (head != tail) {
      scheduleFetch();
    }
  }

  private void scheduleFetch() {
    if (!fetchScheduled) {
      fetchScheduled = true;
      completions.interrupt().events().schedule(fetch, 0);
    }
  }

  private void fetch() {
    fetchScheduled = false;
    while (head != tail && completions.reserve()) {
      long at = entry(head);
      int next = head + 1 == entries ? 0 : head + 1;
      if (id == NvmeController.ADMIN_QUEUE) {
        head = next;
        controller.admin().execute(at, this);
        continue;
      }
      if (startsPair(at, next)) {
        if (!completions.reserve()) {
          completions.giveBack();
          return; // until there is room for both
        }
        fetchPair(at, next);
        continue;
      }
      head = next;
      IoCommand command = freeCommands[--freeCommandCount];
      schedule(command, command.fetch(at));
    }
  }

  private long entry(int index) {
    return offset + (long) index * SubmissionEntry.BYTES;
  }

  /** Whether the entry at {@code at} and the next are a fused pair, for which there can be room. */
  private boolean startsPair(long at, int next) {
    MemorySegment memory = controller.memory.segment();
    return SubmissionEntry.fuse(memory, at) == SubmissionEntry.FUSED_FIRST
        && next != tail
        && SubmissionEntry.fuse(memory, entry(next)) == SubmissionEntry.FUSED_SECOND
        && completions.capacity() > 1;
  }

  private void fetchPair(long at, int next) {
    IoCommand first = freeCommands[--freeCommandCount];
    IoCommand second = freeCommands[--freeCommandCount];
    head = next + 1 == entries ? 0 : next + 1;
    schedule(first, first.fetchPair(at, second, entry(next)));
  }

  private void schedule(IoCommand command, long delayNs) {
    if (delayNs != IoCommand.NEVER) {
      completions.interrupt().events().schedule(command, delayNs);
    }
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
    complete(command.commandId(), command.result(), status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    completions.post(head, id, commandId, result, status);
  }
}
