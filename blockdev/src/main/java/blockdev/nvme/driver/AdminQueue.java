package blockdev.nvme.driver;

import blockdev.memory.HostMemory;
import blockdev.nvme.AdminOpcode;
import blockdev.nvme.CompletionEntry;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.Registers;
import blockdev.nvme.controller.NvmeController;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the admin queue. Commands are asynchronous; those for which there is no room,
 * or that come while the controller is being reset, wait. In immediate time one thread at a time
 * uses it.
 */
final class AdminQueue implements CommandClock.Watched {
  /** Commands under way at a time, as in Linux ({@code NVME_AQ_DEPTH}, less one). */
  private static final int DEPTH = 31;

  /** Linux's {@code admin_timeout}. */
  private static final int TIMEOUT_SECONDS = 60;

  private record Waiting(AdminRequest request, AdminCompletion done) {}

  private final NvmeController controller;
  private final MemorySegment memory;
  private final EventQueue events;
  private final Runnable onTimeout;
  private final Rings rings;
  private final CommandClock clock;
  private final @Nullable AdminCompletion[] underWay = new AdminCompletion[DEPTH]; // by tag
  private final boolean[] untimed = new boolean[DEPTH];
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean running;

  /**
   * @param onTimeout called when a command did not complete in time
   */
  AdminQueue(NvmeController controller, HostMemory memory, EventQueue events, Runnable onTimeout) {
    this.controller = controller;
    this.memory = memory.segment();
    this.events = events;
    this.onTimeout = onTimeout;
    rings = new Rings(memory, DEPTH);
    clock = new CommandClock(events, this, TIMEOUT_SECONDS, DEPTH);
    controller.connectVector(0, events, this::takeCompletions);
  }

  /** Enables the controller with this queue; false if it does not become ready. */
  boolean start() {
    rings.reset();
    int last = rings.entries() - 1;
    controller.writeRegister(Registers.AQA, last << Registers.AQA_COMPLETION_SHIFT | last);
    controller.writeLongRegister(Registers.ASQ, rings.submissionOffset());
    controller.writeLongRegister(Registers.ACQ, rings.completionOffset());
    controller.writeRegister(Registers.CC, Registers.enabled());
    running = (controller.readRegister(Registers.CSTS) & Registers.CSTS_READY) != 0;
    return running;
  }

  /** Disables the controller; commands under way end with HOST_ABORTED. */
  void stop() {
    running = false;
    controller.writeRegister(Registers.CC, 0);
    List<AdminCompletion> cancelled = new ArrayList<>();
    for (int tag = 0; tag < DEPTH; tag++) {
      AdminCompletion done = underWay[tag];
      if (done != null) {
        underWay[tag] = null;
        untimed[tag] = false;
        cancelled.add(done);
      }
    }
    cancelled.forEach(done -> done.done(NvmeStatus.HOST_ABORTED, 0));
  }

  /** Executes a command; {@code done} may be told before this returns. */
  void submit(AdminRequest request, AdminCompletion done) {
    int tag = freeTag();
    if (tag < 0 || !running) {
      waiting.add(new Waiting(request, done));
    } else {
      issue(tag, request, done);
    }
    events.poll();
  }

  /** Lets the controller tell something without being asked; it may take any time. */
  void submitAsyncEventRequest(AdminCompletion done) {
    int tag = freeTag();
    assert tag >= 0 && running : "there is always room for one";
    untimed[tag] = true;
    issue(tag, new AdminRequest(AdminOpcode.ASYNC_EVENT_REQUEST, 0), done);
    events.poll();
  }

  /**
   * Executes a command and waits for it. Not from an event.
   *
   * @return dword 0 of the completion
   * @throws IllegalStateException if it fails
   */
  int execute(AdminRequest request) {
    WaitPoint over = new WaitPoint();
    int[] ended = new int[2];
    submit(
        request,
        (status, result) -> {
          ended[0] = status;
          ended[1] = result;
          over.signal();
        });
    events.await(over);
    if (ended[0] != NvmeStatus.SUCCESS) {
      throw new IllegalStateException(request + " failed: " + NvmeStatus.describe(ended[0]));
    }
    return ended[1];
  }

  private int freeTag() {
    for (int tag = 0; tag < DEPTH; tag++) {
      if (underWay[tag] == null) {
        return tag;
      }
    }
    return -1;
  }

  private void issue(int tag, AdminRequest request, AdminCompletion done) {
    underWay[tag] = done;
    request.put(memory, rings.submissionEntry(), tag);
    clock.issued(tag);
    controller.writeRegister(Registers.submissionDoorbell(0), rings.advanceSubmission());
  }

  private void takeCompletions() {
    long at;
    while ((at = rings.nextCompletion()) >= 0) {
      int tag = CompletionEntry.commandId(memory, at);
      int status = CompletionEntry.status(memory, at);
      int result = CompletionEntry.result(memory, at);
      controller.writeRegister(Registers.completionDoorbell(0), rings.completionHead());
      AdminCompletion done = underWay[tag];
      assert done != null : "completion for a command that is not under way: " + tag;
      underWay[tag] = null;
      untimed[tag] = false;
      Waiting next = waiting.poll();
      if (next != null) {
        issue(tag, next.request, next.done);
      }
      done.done(status, result);
    }
  }

  @Override
  public boolean isUnderWay(int tag) {
    return underWay[tag] != null && !untimed[tag];
  }

  @Override
  public void timedOut(int tag, boolean warned) {
    onTimeout.run();
  }
}
