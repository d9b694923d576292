package blockdev.nvme.driver;

import blockdev.memory.HostMemory;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.NvmeController;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The host's side of the admin queue pair, with a few commands under way. */
final class AdminQueue {
  private static final int DEPTH = 4;

  private final NvmeController controller;
  private final MemorySegment memory;
  private final EventQueue events;
  private final Rings rings;
  private final @Nullable IntConsumer[] done = new IntConsumer[DEPTH]; // by command id
  private final WaitPoint waited = new WaitPoint();
  private int waitedStatus;

  /** Enables the controller with this queue pair. */
  AdminQueue(NvmeController controller, HostMemory hostMemory, EventQueue events) {
    this.controller = controller;
    this.events = events;
    memory = hostMemory.segment();
    rings = new Rings(hostMemory, DEPTH);
    controller.connectVector(0, events, this::takeCompletions);
    controller.enable(rings.submissionOffset(), rings.completionOffset(), rings.entries());
  }

  /**
   * Sends a command whose data, if it has any, lies in one page.
   *
   * @param whenDone told the status; before this returns where time does not pass
   */
  void submit(int opcode, int namespace, long prp1, int cdw10, int cdw11, IntConsumer whenDone) {
    int id = 0;
    while (done[id] != null) {
      id++; // nobody has more than DEPTH under way
    }
    done[id] = whenDone;
    long at = rings.submissionEntry();
    SubmissionEntry.put(memory, at, opcode, id, namespace, prp1, 0);
    SubmissionEntry.putCdw10(memory, at, cdw10);
    SubmissionEntry.putCdw11(memory, at, cdw11);
    controller.ringSubmissionDoorbell(0, rings.advanceSubmission());
    events.poll();
  }

  /** Sends a command and waits for it; returns the status. */
  int run(int opcode, int namespace, long prp1, int cdw10, int cdw11) {
    waited.reset();
    submit(
        opcode,
        namespace,
        prp1,
        cdw10,
        cdw11,
        status -> {
          waitedStatus = status;
          waited.signal();
        });
    events.await(waited);
    return waitedStatus;
  }

  /**
   * As {@link #run}, for a command that a working device does not refuse.
   *
   * @throws IllegalStateException if it did
   */
  void require(int opcode, int namespace, long prp1, int cdw10, int cdw11) {
    int status = run(opcode, namespace, prp1, cdw10, cdw11);
    if (status != NvmeStatus.SUCCESS) {
      throw new IllegalStateException(
          String.format("admin command %02xh failed: %s", opcode, NvmeStatus.describe(status)));
    }
  }

  private void takeCompletions() {
    long at;
    while ((at = rings.nextCompletion()) >= 0) {
      int id = CompletionEntry.commandId(memory, at);
      int status = CompletionEntry.status(memory, at);
      controller.ringCompletionDoorbell(0, rings.completionHead());
      IntConsumer told = done[id];
      assert told != null : "completion for a command that is not under way: " + id;
      done[id] = null;
      told.accept(status);
    }
  }
}
