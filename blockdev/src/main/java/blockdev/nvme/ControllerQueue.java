package blockdev.nvme;

import blockdev.trace.EventLog;

/**
 * The device's side of a queue pair: fetches submission entries, keeps commands under way, posts
 * completion entries with the phase tag.
 *
 * <p>A completion is never overwritten before the host has taken it: as many commands are fetched
 * as the completion queue has room for.
 */
final class ControllerQueue {
  private final NvmeController controller;
  private final int id;
  private final NvmeController.Vector interrupt;
  private final Runnable fetch = this::fetch;
  private boolean fetchScheduled;

  private long submissionOffset;
  private int submissionEntries; // 0: no submission queue yet
  private int submissionHead;
  private int submissionTail;

  private final long completionOffset;
  private final int completionEntries;
  private int completionTail;
  private int completionHead;
  private int phase = 1;

  private final ControllerCommand[] freeCommands; // one less than the completion queue has entries
  private int freeCommandCount;
  private int untaken; // commands fetched whose completion the host has not taken
  private final EventLog eventLog = new EventLog();

  ControllerQueue(
      NvmeController controller,
      int id,
      long completionOffset,
      int completionEntries,
      NvmeController.Vector interrupt) {
    this.controller = controller;
    this.id = id;
    this.completionOffset = completionOffset;
    this.completionEntries = completionEntries;
    this.interrupt = interrupt;
    freeCommands = new ControllerCommand[completionEntries - 1];
    while (freeCommandCount < freeCommands.length) {
      freeCommands[freeCommandCount++] = new ControllerCommand(controller, this);
    }
  }

  void attachSubmissionQueue(long offset, int entries) {
    submissionOffset = offset;
    submissionEntries = entries;
  }

  boolean hasSubmissionQueue() {
    return submissionEntries != 0;
  }

  EventLog eventLog() {
    return eventLog;
  }

  int id() {
    return id;
  }

  void submissionTail(int tail) {
    if (tail >= 0 && tail < submissionEntries) {
      submissionTail = tail;
      scheduleFetch();
    }
  }

  void completionHead(int head) {
    if (head < 0 || head >= completionEntries) {
      return;
    }
    int taken = Math.floorMod(head - completionHead, completionEntries);
    int posted = Math.floorMod(completionTail - completionHead, completionEntries);
    if (taken > posted) {
      return;
    }
    completionHead = head;
    untaken -= taken;
    if (submissionHead != submissionTail) {
      scheduleFetch();
    }
  }

  private void scheduleFetch() {
    if (!fetchScheduled) {
      fetchScheduled = true;
      interrupt.events().schedule(fetch, 0);
    }
  }

  private void fetch() {
    fetchScheduled = false;
    while (submissionHead != submissionTail && untaken < completionEntries - 1) {
      long at = submissionOffset + (long) submissionHead * SubmissionEntry.BYTES;
      if (++submissionHead == submissionEntries) {
        submissionHead = 0;
      }
      untaken++;
      if (id == 0) {
        int commandId = SubmissionEntry.commandId(controller.memory.segment(), at);
        post(commandId, controller.executeAdmin(at));
      } else {
        ControllerCommand command = freeCommands[--freeCommandCount];
        interrupt.events().schedule(command, command.fetch(at));
      }
    }
  }

  void completed(ControllerCommand command, int status) {
    freeCommands[freeCommandCount++] = command;
    post(command.commandId(), status);
  }

  private void post(int commandId, int status) {
    long at = completionOffset + (long) completionTail * CompletionEntry.BYTES;
    CompletionEntry.put(
        controller.memory.segment(), at, submissionHead, id, commandId, status, phase);
    if (++completionTail == completionEntries) {
      completionTail = 0;
      phase ^= 1;
    }
    interrupt.raise();
  }
}
