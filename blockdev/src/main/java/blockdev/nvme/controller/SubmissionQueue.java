package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;
import blockdev.trace.EventLog;
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
  private final IoCommand[] commands; // as many as completions can be outstanding
  private final IoCommand[] freeCommands;
  private int freeCommandCount;
  private final EventLog eventLog = new EventLog();

  SubmissionQueue(
      NvmeController controller, int id, long offset, int entries, CompletionQueue completions) {
    this.controller = controller;
    this.id = id;
    this.offset = offset;
    this.entries = entries;
    this.completions = completions;
    commands = new IoCommand[id == NvmeController.ADMIN_QUEUE ? 0 : completions.capacity()];
    while (freeCommandCount < commands.length) {
      commands[freeCommandCount++] = new IoCommand(controller, this);
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
      long at = offset + (long) head * SubmissionEntry.BYTES;
      if (++head == entries) {
        head = 0;
      }
      if (id == NvmeController.ADMIN_QUEUE) {
        controller.admin().execute(at, this, completions.interrupt().events());
      } else {
        IoCommand command = freeCommands[--freeCommandCount];
        long delayNs = command.fetch(at);
        if (delayNs != IoCommand.NEVER) {
          completions.interrupt().events().schedule(command, delayNs);
        }
      }
    }
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
    complete(command.commandId(), 0, status);
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  void complete(int commandId, int result, int status) {
    completions.post(head, id, commandId, result, status);
  }
}
