package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.nvme.controller.kpio.SecurityProtocols;
import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.Station;
import java.lang.foreign.MemorySegment;

/**
 * Security Send and Security Receive (NVMe Base 2.1): moves what they carry between host memory and
 * the {@link SecurityProtocols}. A Send that brings or clears a key takes the time of programming
 * or evicting a slot, one after the other; all else is done at once.
 */
final class SecurityCommands {
  private final MemorySegment memory;
  private final SecurityProtocols protocols;
  private final CryptoTiming timing;
  private final Station station;
  private final DataPages pages;

  SecurityCommands(NvmeController controller, KeyPerIo keys, Station station) {
    memory = controller.memory.segment();
    protocols = new SecurityProtocols(keys);
    timing = controller.timing().keys();
    this.station = station;
    pages = new DataPages(memory, SecurityProtocols.MAX_PAYLOAD_BYTES);
  }

  /** Takes the command at {@code at} and completes it in {@code queue} when its time has come. */
  void execute(long at, SubmissionQueue queue, EventQueue events) {
    int commandId = SubmissionEntry.commandId(memory, at);
    boolean isSend = SubmissionEntry.opcode(memory, at) == SubmissionEntry.ADMIN_SECURITY_SEND;
    int protocol = SubmissionEntry.cdw10(memory, at) >>> 24;
    int specific = SubmissionEntry.cdw10(memory, at) >>> 8 & 0xFFFF;
    int namespace = SubmissionEntry.namespace(memory, at);
    int bytes = SubmissionEntry.cdw11(memory, at);
    if (bytes < 0 || bytes > SecurityProtocols.MAX_PAYLOAD_BYTES) {
      queue.complete(commandId, 0, NvmeStatus.INVALID_FIELD);
      return;
    }
    pages.clear();
    int status = bytes == 0 ? NvmeStatus.SUCCESS : pages.gather(at, bytes);
    if (status != NvmeStatus.SUCCESS) {
      queue.complete(commandId, 0, status);
    } else if (!isSend) {
      MemorySegment data = MemorySegment.ofArray(new byte[bytes]);
      int received = protocols.receive(protocol, specific, namespace, data);
      if (received == NvmeStatus.SUCCESS) {
        scatter(data);
      }
      queue.complete(commandId, 0, received);
    } else {
      MemorySegment payload = gather(bytes);
      events.schedule(
          () -> {
            int sent = protocols.send(protocol, specific, namespace, payload);
            payload.fill((byte) 0);
            queue.complete(commandId, 0, sent);
          },
          serviceNs(protocol));
    }
  }

  private long serviceNs(int protocol) {
    if (SecurityProtocols.bringsKeys(protocol)) {
      return station.reserve(0, 0, timing.programNs());
    }
    return SecurityProtocols.clearsKeys(protocol) ? station.reserve(0, 0, timing.evictNs()) : 0;
  }

  private MemorySegment gather(int bytes) {
    MemorySegment payload = MemorySegment.ofArray(new byte[bytes]);
    long done = 0;
    for (int run = 0; run < pages.runs(); run++) {
      MemorySegment.copy(memory, pages.offset(run), payload, done, pages.length(run));
      done += pages.length(run);
    }
    return payload;
  }

  private void scatter(MemorySegment data) {
    long done = 0;
    for (int run = 0; run < pages.runs(); run++) {
      MemorySegment.copy(data, done, memory, pages.offset(run), pages.length(run));
      done += pages.length(run);
    }
  }
}
