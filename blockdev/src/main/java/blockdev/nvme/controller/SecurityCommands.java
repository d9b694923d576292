package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import java.lang.foreign.MemorySegment;

/** Security Send and Security Receive: the list of protocols, which names itself alone. */
final class SecurityCommands {
  private static final int MAX_PAYLOAD_BYTES = 16 * 1024;
  private static final int PROTOCOL_LIST = 0x00;
  private static final byte[] PROTOCOLS = {0, 0, 0, 0, 0, 0, 0, 1, PROTOCOL_LIST};

  int send(AdminCommand command) {
    return NvmeStatus.INVALID_FIELD;
  }

  int receive(AdminCommand command) {
    long allocated = command.cdw(11) & 0xFFFF_FFFFL;
    if (protocol(command) != PROTOCOL_LIST
        || specific(command) != 0
        || allocated > MAX_PAYLOAD_BYTES) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (allocated == 0) {
      return NvmeStatus.SUCCESS;
    }
    MemorySegment data = MemorySegment.ofArray(new byte[(int) allocated]);
    long length = Math.min(allocated, PROTOCOLS.length);
    MemorySegment.copy(MemorySegment.ofArray(PROTOCOLS), 0, data, 0, length);
    return command.toHost(data);
  }

  private static int protocol(AdminCommand command) {
    return command.cdw(10) >>> 24;
  }

  private static int specific(AdminCommand command) {
    return command.cdw(10) >>> 8 & 0xFFFF;
  }
}
