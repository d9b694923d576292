package blockdev.nvme.controller;

import blockdev.nvme.CompletionEntry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The device's side of a completion queue: posts entries with the phase tag and raises the
 * interrupt. An entry that the host has not taken is never overwritten, because a command is
 * fetched only after {@link #reserve} has set a place aside for its completion.
 */
final class CompletionQueue {
  private final MemorySegment memory;
  private final int id;
  private final long offset;
  private final int entries;
  private final InterruptVector interrupt;
  private int tail;
  private int head;
  private int phase = 1;
  private final List<SubmissionQueue> sources = new ArrayList<>();
  private boolean stuck; // by a fault
  private int reserved; // places of commands fetched whose completion the host has not taken

  CompletionQueue(
      MemorySegment memory, int id, long offset, int entries, InterruptVector interrupt) {
    this.memory = memory;
    this.id = id;
    this.offset = offset;
    this.entries = entries;
    this.interrupt = interrupt;
  }

  int id() {
    return id;
  }

  /** Completions that can be outstanding. */
  int capacity() {
    return entries - 1;
  }

  InterruptVector interrupt() {
    return interrupt;
  }

  /** The submission queues whose commands complete here. */
  List<SubmissionQueue> sources() {
    return sources;
  }

  /** Sets a place aside, if there is one. */
  boolean reserve() {
    if (reserved == entries - 1) {
      return false;
    }
    reserved++;
    return true;
  }

  /** Gives back a place that {@link #reserve} set aside and no completion will need. */
  void giveBack() {
    reserved--;
  }

  /**
   * The host has taken entries up to {@code newHead}, so commands that were held back may go on.
   * Ignored if that is no place up to which entries were posted.
   */
  void taken(int newHead) {
    if (newHead < 0 || newHead >= entries) {
      return;
    }
    int taken = Math.floorMod(newHead - head, entries);
    if (taken > Math.floorMod(tail - head, entries)) {
      return;
    }
    head = newHead;
    reserved -= taken;
    for (int i = 0; i < sources.size(); i++) { // no iterator on the way of each command
      sources.get(i).roomForCompletions();
    }
  }

  /** From now on what is posted is lost, and its place with it. */
  void stick() {
    stuck = true;
  }

  /** Posts the completion of a command that came from submission queue {@code submissionId}. */
  void post(int submissionHead, int submissionId, int commandId, int result, int status) {
    if (stuck) {
      return;
    }
    long at = offset + (long) tail * CompletionEntry.BYTES;
    CompletionEntry.put(memory, at, result, submissionHead, submissionId, commandId, status, phase);
    if (++tail == entries) {
      tail = 0;
      phase ^= 1;
    }
    interrupt.posted();
  }
}
