package blockdev.nvme.controller;

import blockdev.nvme.CompletionEntry;
import blockdev.nvme.Feature;
import blockdev.nvme.SubmissionEntry;
import blockdev.trace.EventLog;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The queues that there are, by their ids, and what is asked of all of them. */
final class Queues {
  private final NvmeController controller;
  private @Nullable AdminSubmissionQueue admin;
  private final @Nullable IoSubmissionQueue[] submission; // by id, from 1
  private final @Nullable CompletionQueue[] completion; // by id
  private long hashOfDeleted;

  /**
   * @param limit I/O queues of a kind that there can be
   */
  Queues(NvmeController controller, int limit) {
    this.controller = controller;
    submission = new IoSubmissionQueue[limit + 1];
    completion = new CompletionQueue[limit + 1];
  }

  void ringSubmissionDoorbell(int id, int tail) {
    SubmissionQueue queue = id == NvmeController.ADMIN_QUEUE ? admin : submission(id);
    if (queue == null) {
      controller.events().badDoorbellRegister();
    } else {
      queue.written(tail);
    }
  }

  void ringCompletionDoorbell(int id, int head) {
    CompletionQueue queue = completion(id);
    if (queue == null) {
      controller.events().badDoorbellRegister();
    } else {
      queue.taken(head);
    }
  }

  /** Makes the admin queues; false if they cannot be where the host wants them. */
  boolean addAdmin(
      long submissionOffset, int submissionEntries, long completionOffset, int completionEntries) {
    if (!controller.vectors().isConnected(InterruptVectors.ADMIN_VECTOR)
        || !isInMemory(submissionOffset, (long) SubmissionEntry.BYTES * submissionEntries)
        || !isInMemory(completionOffset, (long) CompletionEntry.BYTES * completionEntries)) {
      return false;
    }
    CompletionQueue completions =
        addCompletion(
            NvmeController.ADMIN_QUEUE,
            completionOffset,
            completionEntries,
            InterruptVectors.ADMIN_VECTOR,
            true);
    admin = new AdminSubmissionQueue(controller, submissionOffset, submissionEntries, completions);
    return true;
  }

  private boolean isInMemory(long offset, long length) {
    return DataPages.contains(controller.memory.segment(), offset, length);
  }

  CompletionQueue addCompletion(int id, long offset, int entries, int vector, boolean interrupts) {
    CompletionQueue queue =
        new CompletionQueue(
            controller, id, offset, entries, controller.vectors().get(vector), interrupts);
    completion[id] = queue;
    return queue;
  }

  void addSubmission(int id, long offset, int entries, int priority, CompletionQueue completions) {
    submission[id] = new IoSubmissionQueue(controller, id, offset, entries, priority, completions);
  }

  void remove(IoSubmissionQueue queue) {
    submission[queue.id()] = null;
    controller.health().keep(queue.counters());
    hashOfDeleted = EventLog.fold(hashOfDeleted, queue.eventLog());
  }

  void remove(CompletionQueue queue) {
    completion[queue.id()] = null;
  }

  /** All queues are gone, and their commands without a completion. */
  void detachAll() {
    if (admin != null) {
      admin.detach();
      admin = null;
    }
    for (IoSubmissionQueue queue : submission) {
      if (queue != null) {
        queue.detach();
        remove(queue);
      }
    }
    for (CompletionQueue queue : completion) {
      if (queue != null) {
        remove(queue);
      }
    }
  }

  /** The submission queue for I/O of that id, null if there is none. */
  @Nullable IoSubmissionQueue submission(int id) {
    return id >= 0 && id < submission.length ? submission[id] : null;
  }

  /** The completion queue of that id, the admin queue's among them, null if there is none. */
  @Nullable CompletionQueue completion(int id) {
    return id >= 0 && id < completion.length ? completion[id] : null;
  }

  /** I/O queues of a kind that there can be. */
  int limit() {
    return submission.length - 1;
  }

  /** Whether the host has asked for so many submission queues that one of that id can be. */
  boolean mayHaveSubmission(int id) {
    return id > NvmeController.ADMIN_QUEUE && id <= (numberOfQueues() & 0xFFFF) + 1;
  }

  /** The same for completion queues. */
  boolean mayHaveCompletion(int id) {
    return id > NvmeController.ADMIN_QUEUE && id <= (numberOfQueues() >>> 16) + 1;
  }

  private int numberOfQueues() {
    return controller.features().value(Feature.NUMBER_OF_QUEUES);
  }

  boolean hasIo() {
    for (int id = NvmeController.ADMIN_QUEUE + 1; id < submission.length; id++) {
      if (submission[id] != null || completion[id] != null) {
        return true;
      }
    }
    return false;
  }

  /** Adds what the commands of all queues did to {@code sum}. */
  void addCounters(IoCounters sum) {
    for (IoSubmissionQueue queue : submission) {
      if (queue != null) {
        sum.add(queue.counters());
      }
    }
  }

  /** Lets what is under way in {@code namespace} end with {@code status}. */
  void refuse(Namespace namespace, int status) {
    for (IoSubmissionQueue queue : submission) {
      if (queue != null) {
        queue.refuse(namespace, status);
      }
    }
  }

  /** Power is lost while commands are under way. */
  void losePower(SplittableRandom chance) {
    for (IoSubmissionQueue queue : submission) {
      if (queue != null) {
        queue.losePower(chance);
      }
    }
  }

  /** What all I/O queues did, as one hash. */
  long eventLogHash() {
    long hash = hashOfDeleted;
    for (IoSubmissionQueue queue : submission) {
      if (queue != null) {
        hash = EventLog.fold(hash, queue.eventLog());
      }
    }
    return hash;
  }
}
