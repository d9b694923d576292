package blockdev.nvme.controller;

import blockdev.nvme.LogPage;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Get Log Page. */
final class LogPages {
  private static final int ALL_NAMESPACES = 0xFFFF_FFFF;
  private static final int[] IDENTIFIERS = {
    LogPage.SUPPORTED,
    LogPage.ERRORS,
    LogPage.HEALTH,
    LogPage.FIRMWARE,
    LogPage.CHANGED_NAMESPACES,
    LogPage.EFFECTS,
    LogPage.SANITIZE
  };

  private final NvmeController controller;

  LogPages(NvmeController controller) {
    this.controller = controller;
  }

  int get(AdminCommand command) {
    int identifier = command.cdw(10) & 0xFF;
    if (!isKnown(identifier)) {
      return NvmeStatus.INVALID_LOG_PAGE;
    }
    long dwords = (command.cdw(10) >>> 16 | (command.cdw(11) & 0xFFFFL) << 16) + 1;
    long offset = command.cdw(12) & 0xFFFF_FFFFL | (long) command.cdw(13) << Integer.SIZE;
    if (dwords * Integer.BYTES > controller.maxTransferBytes()
        || (offset & (Integer.BYTES - 1)) != 0
        || !isNamespaceValid(identifier, command.namespace())) {
      return NvmeStatus.INVALID_FIELD;
    }
    MemorySegment page = page(identifier);
    if (offset < 0 || offset >= page.byteSize()) {
      return NvmeStatus.INVALID_FIELD;
    }
    int length = (int) (dwords * Integer.BYTES);
    MemorySegment data = MemorySegment.ofArray(new byte[length]); // zeroes beyond the page
    MemorySegment.copy(page, offset, data, 0, Math.min(length, page.byteSize() - offset));
    int status = command.toHost(data);
    if (status == NvmeStatus.SUCCESS && (command.cdw(10) & LogPage.RETAIN_EVENT) == 0) {
      controller.events().read(identifier);
    }
    return status;
  }

  private static boolean isKnown(int identifier) {
    for (int known : IDENTIFIERS) {
      if (known == identifier) {
        return true;
      }
    }
    return false;
  }

  /** Health is that of the whole controller. */
  private static boolean isNamespaceValid(int identifier, int namespace) {
    return identifier != LogPage.HEALTH || namespace == 0 || namespace == ALL_NAMESPACES;
  }

  private MemorySegment page(int identifier) {
    return switch (identifier) {
      case LogPage.ERRORS -> controller.errors().page();
      case LogPage.HEALTH -> controller.health().page();
      case LogPage.FIRMWARE -> firmware();
      case LogPage.CHANGED_NAMESPACES -> controller.events().changedNamespaces();
      case LogPage.EFFECTS -> {
        MemorySegment page = MemorySegment.ofArray(new byte[LogPage.EFFECTS_BYTES]);
        CommandEffects.put(page, NvmLimits.compares(controller.namespaces()));
        yield page;
      }
      case LogPage.SANITIZE -> controller.sanitize().page();
      default -> supported();
    };
  }

  private static MemorySegment firmware() {
    MemorySegment page = MemorySegment.ofArray(new byte[LogPage.FIRMWARE_BYTES]);
    page.set(ValueLayout.JAVA_BYTE, 0, (byte) 1); // slot 1 is active
    ControllerIdentity.putText(page, 8, 8, ControllerIdentity.FIRMWARE);
    return page;
  }

  private static MemorySegment supported() {
    MemorySegment page = MemorySegment.ofArray(new byte[LogPage.SUPPORTED_BYTES]);
    for (int identifier : IDENTIFIERS) {
      page.set(SubmissionEntry.INT, 4L * identifier, 1);
    }
    return page;
  }
}
