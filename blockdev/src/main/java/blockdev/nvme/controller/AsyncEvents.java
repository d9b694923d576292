package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import blockdev.nvme.LogPage;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;

/**
 * What the controller has to tell without being asked, and the commands that wait to carry it (NVMe
 * Base 2.1, "Asynchronous Event Request"). A type that was reported is silent until its log page is
 * read.
 *
 * <p>A command that waits here keeps no place in its completion queue, or a small one would be full
 * of those; an event for which there is no place comes when the host has made one.
 */
final class AsyncEvents {
  private static final int ERROR = 0;
  private static final int HEALTH = 1;
  private static final int NOTICE = 2;
  private static final int COMMAND_SET = 6;

  private static final int BAD_DOORBELL_REGISTER = 0x00;
  private static final int BAD_DOORBELL_VALUE = 0x01;
  private static final int TEMPERATURE = 0x01;
  private static final int NAMESPACE_CHANGED = 0x00;
  private static final int SANITIZE_COMPLETED = 0x01;
  private static final int NAMESPACE_NOTICES = 1 << 8; // in feature 0Bh
  private static final int MOST_PENDING = 16;

  /** What waits for a command to carry it. */
  private record Event(int type, int information, int logPage) {
    int result() {
      return type | information << 8 | logPage << 16;
    }
  }

  private final NvmeController controller;
  private final ArrayDeque<AdminCommand> requests = new ArrayDeque<>();
  private final List<Event> pending = new ArrayList<>();
  private final int[] reportedPage = new int[8]; // by type: log page + 1, 0 if not reported
  private final TreeSet<Integer> changedNamespaces = new TreeSet<>();

  AsyncEvents(NvmeController controller) {
    this.controller = controller;
  }

  /** Asynchronous Event Request: completes when there is something to tell. */
  int request(AdminCommand command) {
    if (requests.size() == ControllerIdentity.ASYNC_EVENT_REQUESTS) {
      return NvmeStatus.ASYNC_EVENT_LIMIT_EXCEEDED;
    }
    requests.add(command);
    command.queue().completions().giveBack();
    deliver();
    return AdminCommand.LATER;
  }

  /** A doorbell of no queue was rung, by whatever thread. */
  void badDoorbellRegister() {
    raiseLater(new Event(ERROR, BAD_DOORBELL_REGISTER, LogPage.ERRORS));
  }

  /** A doorbell was rung with nonsense, by whatever thread. */
  void badDoorbellValue() {
    raiseLater(new Event(ERROR, BAD_DOORBELL_VALUE, LogPage.ERRORS));
  }

  private void raiseLater(Event event) {
    if (controller.vectors().isConnected(InterruptVectors.ADMIN_VECTOR)) {
      controller.vectors().adminEvents().execute(() -> raise(event));
    }
  }

  void temperature() {
    raise(new Event(HEALTH, TEMPERATURE, LogPage.HEALTH));
  }

  void namespaceChanged(int namespace) {
    changedNamespaces.add(namespace);
    if ((controller.features().value(Feature.ASYNC_EVENTS) & NAMESPACE_NOTICES) != 0) {
      raise(new Event(NOTICE, NAMESPACE_CHANGED, LogPage.CHANGED_NAMESPACES));
    }
  }

  void sanitizeCompleted() {
    raise(new Event(COMMAND_SET, SANITIZE_COMPLETED, LogPage.SANITIZE));
  }

  private void raise(Event event) {
    if (pending.size() < MOST_PENDING && !pending.contains(event)) {
      pending.add(event);
    }
    deliver();
  }

  /** Completes commands with what is pending and not masked, as far as there is room. */
  void deliver() {
    if (pending.isEmpty() || requests.isEmpty()) {
      return;
    }
    Iterator<Event> events = pending.iterator();
    while (events.hasNext() && !requests.isEmpty()) {
      Event event = events.next();
      if (reportedPage[event.type] == 0 && requests.element().queue().completions().reserve()) {
        events.remove();
        reportedPage[event.type] = event.logPage + 1;
        AdminCommand request = requests.remove();
        request.setResult(event.result());
        request.complete(NvmeStatus.SUCCESS);
      }
    }
  }

  /** A log page was read: events that point to it are over, and their type may be reported. */
  void read(int logPage) {
    if (logPage == LogPage.CHANGED_NAMESPACES) {
      changedNamespaces.clear();
    }
    pending.removeIf(event -> event.logPage == logPage);
    for (int type = 0; type < reportedPage.length; type++) {
      if (reportedPage[type] == logPage + 1) {
        reportedPage[type] = 0;
      }
    }
    deliver();
  }

  /** The namespaces that changed since that log page was read last, and the event not retained. */
  MemorySegment changedNamespaces() {
    MemorySegment page = MemorySegment.ofArray(new byte[LogPage.CHANGED_NAMESPACES_BYTES]);
    long at = 0;
    for (int namespace : changedNamespaces) {
      if (at < page.byteSize()) {
        page.set(SubmissionEntry.INT, at, namespace);
        at += Integer.BYTES;
      }
    }
    return page;
  }

  /** Abort of a request that waits; false if none of that id does. */
  boolean abort(int commandId) {
    for (AdminCommand request : requests) {
      if (request.commandId() == commandId && request.queue().completions().reserve()) {
        requests.remove(request);
        request.complete(NvmeStatus.ABORT_REQUESTED);
        return true;
      }
    }
    return false;
  }

  /** A controller reset: requests and events are gone without a completion. */
  void reset() {
    requests.clear();
    pending.clear();
    Arrays.fill(reportedPage, 0);
  }
}
