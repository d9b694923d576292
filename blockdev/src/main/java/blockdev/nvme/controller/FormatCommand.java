package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.controller.kpio.KeyPerIo;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Format NVM: all blocks of a namespace, or of all of them, become unwritten in another format or
 * the same. The command completes when that is done; until then I/O to the namespace is refused.
 *
 * <p>A reset does not stop it: it goes on to its end, and only the completion is lost.
 */
final class FormatCommand {
  private static final int ALL_NAMESPACES = 0xFFFF_FFFF;
  private static final int USER_DATA_ERASE = 1;
  private static final int CRYPTO_ERASE = 2;

  private final NvmeController controller;

  FormatCommand(NvmeController controller) {
    this.controller = controller;
  }

  int execute(AdminCommand command) {
    int cdw10 = command.cdw(10);
    int erase = cdw10 >>> 9 & 7;
    if (erase > CRYPTO_ERASE) {
      return NvmeStatus.INVALID_FIELD;
    }
    List<Namespace> formatted = namespaces(command.namespace());
    if (formatted.isEmpty()) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    int index = cdw10 & 0xF | (cdw10 >>> 12 & 3) << 4;
    if (index >= LbaFormat.SUPPORTED.size()) {
      return NvmeStatus.INVALID_FORMAT;
    }
    LbaFormat format = LbaFormat.SUPPORTED.get(index);
    int protection = cdw10 >>> 5 & 7;
    if (protection > 1 || protection == 1 && format.metadataBytes() == 0) {
      return NvmeStatus.INVALID_FORMAT;
    }
    if (protection == 1) {
      format = format.withProtection((cdw10 & 1 << 8) != 0);
    }
    if (format.metadataBytes() > 0) { // without, there is nothing to be behind the data
      format = format.withExtended((cdw10 & 1 << 4) != 0);
    }
    for (Namespace namespace : formatted) {
      int refusal = refusal(namespace, erase);
      if (refusal != NvmeStatus.SUCCESS) {
        return refusal;
      }
    }
    begin(command, formatted, format, erase);
    return AdminCommand.LATER;
  }

  private int refusal(Namespace namespace, int erase) {
    KeyPerIo keys = controller.keyPerIo;
    int ofKeys =
        keys == null ? NvmeStatus.SUCCESS : keys.checkFormat(namespace.id(), erase == CRYPTO_ERASE);
    return ofKeys == NvmeStatus.SUCCESS ? namespace.refusal(true) : ofKeys;
  }

  private List<Namespace> namespaces(int id) {
    Namespace named = controller.namespace(id);
    if (id == ALL_NAMESPACES) {
      return controller.namespaces();
    }
    return named == null ? List.of() : List.of(named);
  }

  private void begin(AdminCommand command, List<Namespace> formatted, LbaFormat format, int erase) {
    long bytes = 0;
    for (Namespace namespace : formatted) {
      namespace.setRefusal(NvmeStatus.FORMAT_IN_PROGRESS);
      controller.queues().refuse(namespace, NvmeStatus.FORMAT_IN_PROGRESS);
      bytes += namespace.capacityBytes();
    }
    long durationNs =
        erase == USER_DATA_ERASE ? EraseTiming.blockEraseNs(bytes) : EraseTiming.CRYPTO_ERASE_NS;
    controller
        .vectors()
        .adminEvents()
        .schedule(() -> finish(command, formatted, format), durationNs);
  }

  private void finish(AdminCommand command, List<Namespace> formatted, LbaFormat format) {
    int status = NvmeStatus.SUCCESS;
    for (Namespace namespace : formatted) {
      try {
        namespace.reformat(format);
        if (controller.keyPerIo != null) {
          controller.keyPerIo.formatted(namespace.id());
        }
      } catch (UncheckedIOException ofMedium) {
        status = NvmeStatus.WRITE_FAULT;
      } catch (IllegalArgumentException formatNotForThisMedium) {
        status = NvmeStatus.INVALID_FORMAT;
      }
      namespace.setRefusal(NvmeStatus.SUCCESS);
      controller.events().namespaceChanged(namespace.id());
    }
    command.complete(status);
  }
}
