package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;

/**
 * The device's side of a submission queue: a ring in host memory, whose entries are fetched in
 * order, each as soon as it is its turn and there is room for its completion.
 */
abstract class SubmissionQueue {
  final NvmeController controller;
  private final int id;
  private final long offset;
  private final int entries;
  private final CompletionQueue completions;
  private final CommandIds ids = new CommandIds();
  private int head;
  private int tail;
  private boolean deleted;

  SubmissionQueue(
      NvmeController controller, int id, long offset, int entries, CompletionQueue completions) {
    this.controller = controller;
    this.id = id;
    this.offset = offset;
    this.entries = entries;
    this.completions = completions;
    completions.sources().add(this);
  }

  final int id() {
    return id;
  }

  final CompletionQueue completions() {
    return completions;
  }

  /** The identifiers of its commands. */
  final CommandIds ids() {
    return ids;
  }

  /** The host has written entries up to {@code newTail}; nonsense is ignored, and reported. */
  final void written(int newTail) {
    if (newTail < 0 || newTail >= entries || count(head, newTail) < count(head, tail)) {
      controller.events().badDoorbellValue();
      return;
    }
    tail = newTail;
    askForTurn();
  }

  private int count(int from, int to) {
    return to >= from ? to - from : to - from + entries;
  }

  /** Completions have been taken, so that held-back commands may go on. */
  void roomForCompletions() {
    if (head != tail) {
      askForTurn();
    }
  }

  /** There may be something to fetch. */
  abstract void askForTurn();

  /** Whether there is an entry to fetch, for whose completion a place is then set aside. */
  final boolean hasNext() {
    return head != tail && !deleted && completions.reserve();
  }

  /** Fetches the next entry: where it is in host memory. */
  final long takeNext() {
    long at = entry(head);
    head = after(head);
    return at;
  }

  /** Where the next entry is in host memory. */
  final long next() {
    return entry(head);
  }

  /** Where the entry behind the next one is in host memory, or −1 if there is none yet. */
  final long afterNext() {
    int index = after(head);
    return index == tail ? -1 : entry(index);
  }

  private long entry(int index) {
    return offset + (long) index * SubmissionEntry.BYTES;
  }

  private int after(int index) {
    return index + 1 == entries ? 0 : index + 1;
  }

  /** Posts a completion; {@code result} is its command specific dword. */
  final void complete(int commandId, int result, int status) {
    if (!deleted) {
      completions.post(head, id, commandId, result, status);
    }
  }

  /** From now on nothing of this queue has an effect, or completes: a controller reset. */
  void detach() {
    deleted = true;
  }

  final boolean isDeleted() {
    return deleted;
  }
}
