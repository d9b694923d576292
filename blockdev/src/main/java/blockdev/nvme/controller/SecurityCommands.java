package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.nvme.controller.kpio.SecurityProtocols;
import blockdev.sim.CryptoTiming;
import blockdev.sim.Station;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Security Send and Security Receive (NVMe Base 2.1): moves what they carry between host memory and
 * the {@link SecurityProtocols}. A Send that brings or clears a key takes the time of programming
 * or evicting a slot, one after the other; all else is done at once. Without Key Per I/O there is
 * the list of protocols only, which names itself alone.
 */
final class SecurityCommands {
  private static final int PROTOCOL_LIST = 0x00;
  private static final byte[] PROTOCOLS = {0, 0, 0, 0, 0, 0, 0, 1, PROTOCOL_LIST};

  private final NvmeController controller;
  private final @Nullable SecurityProtocols protocols; // null without Key Per I/O
  private final Station station;

  SecurityCommands(NvmeController controller) {
    this.controller = controller;
    KeyPerIo keys = controller.keyPerIo;
    protocols = keys == null ? null : new SecurityProtocols(keys);
    station = controller.newStation();
  }

  int send(AdminCommand command) {
    SecurityProtocols known = protocols;
    if (known == null || !isSizeValid(command)) {
      return NvmeStatus.INVALID_FIELD;
    }
    MemorySegment payload = MemorySegment.ofArray(new byte[command.cdw(11)]);
    int status = payload.byteSize() == 0 ? NvmeStatus.SUCCESS : command.fromHost(payload);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    controller
        .vectors()
        .adminEvents()
        .schedule(() -> finish(command, known, payload), serviceNs(protocol(command)));
    return AdminCommand.LATER;
  }

  private static void finish(
      AdminCommand command, SecurityProtocols protocols, MemorySegment payload) {
    int status = protocols.send(protocol(command), specific(command), command.namespace(), payload);
    payload.fill((byte) 0);
    command.complete(status);
  }

  private long serviceNs(int protocol) {
    CryptoTiming timing = controller.timing().keys();
    if (SecurityProtocols.bringsKeys(protocol)) {
      return station.reserve(0, 0, timing.programNs());
    }
    return SecurityProtocols.clearsKeys(protocol) ? station.reserve(0, 0, timing.evictNs()) : 0;
  }

  int receive(AdminCommand command) {
    if (!isSizeValid(command)) {
      return NvmeStatus.INVALID_FIELD;
    }
    MemorySegment data = MemorySegment.ofArray(new byte[command.cdw(11)]);
    int status = receive(command, data);
    return status == NvmeStatus.SUCCESS && data.byteSize() > 0 ? command.toHost(data) : status;
  }

  private int receive(AdminCommand command, MemorySegment data) {
    if (protocols != null) {
      return protocols.receive(protocol(command), specific(command), command.namespace(), data);
    }
    if (protocol(command) != PROTOCOL_LIST || specific(command) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    long length = Math.min(data.byteSize(), PROTOCOLS.length);
    MemorySegment.copy(MemorySegment.ofArray(PROTOCOLS), 0, data, 0, length);
    return NvmeStatus.SUCCESS;
  }

  /** A controller reset: what waits for a Receive is forgotten. */
  void reset() {
    if (protocols != null) {
      protocols.reset();
    }
  }

  private static boolean isSizeValid(AdminCommand command) {
    return command.cdw(11) >= 0 && command.cdw(11) <= SecurityProtocols.MAX_PAYLOAD_BYTES;
  }

  private static int protocol(AdminCommand command) {
    return command.cdw(10) >>> 24;
  }

  private static int specific(AdminCommand command) {
    return command.cdw(10) >>> 8 & 0xFFFF;
  }
}
