package blockdev.nvme.controller;

import blockdev.nvme.Identify;
import blockdev.nvme.IdentifyController;
import blockdev.nvme.IdentifyNamespace;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Identify: gives the structure that CNS asks for. */
final class IdentifyCommand {
  private static final int LAST_LISTABLE = 0xFFFFFFFD;

  private final NvmeController controller;
  private final MemorySegment data = MemorySegment.ofArray(new byte[Identify.BYTES]);

  IdentifyCommand(NvmeController controller) {
    this.controller = controller;
  }

  int execute(AdminCommand command) {
    int status = fill(command);
    return status == NvmeStatus.SUCCESS ? command.toHost(data) : status;
  }

  private int fill(AdminCommand command) {
    int namespaceId = command.namespace();
    int commandSet = command.cdw(11) >>> 24;
    switch (command.cdw(10) & 0xFF) {
      case IdentifyController.CNS -> ControllerIdentity.put(data, controller);
      case Identify.CNS_COMMAND_SETS -> ControllerIdentity.putCommandSets(data);
      case Identify.CNS_NVM_CONTROLLER -> {
        if (commandSet != Identify.NVM_COMMAND_SET) {
          return NvmeStatus.INVALID_FIELD;
        }
        ControllerIdentity.putNvmLimits(data);
      }
      case Identify.CNS_ACTIVE_NAMESPACES -> {
        return list(namespaceId);
      }
      case Identify.CNS_NVM_ACTIVE_NAMESPACES -> {
        return commandSet == Identify.NVM_COMMAND_SET
            ? list(namespaceId)
            : NvmeStatus.INVALID_FIELD;
      }
      case IdentifyNamespace.CNS,
          IdentifyNamespace.INDEPENDENT_CNS,
          Identify.CNS_DESCRIPTORS,
          Identify.CNS_NVM_NAMESPACE -> {
        return fill(command, controller.namespace(namespaceId), commandSet);
      }
      default -> {
        return NvmeStatus.INVALID_FIELD;
      }
    }
    return NvmeStatus.SUCCESS;
  }

  private int fill(AdminCommand command, @Nullable Namespace namespace, int commandSet) {
    if (namespace == null) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    switch (command.cdw(10) & 0xFF) {
      case IdentifyNamespace.CNS ->
          NamespaceIdentity.put(
              data, namespace, controller.maxTransferBytes(), controller.keyPerIo);
      case IdentifyNamespace.INDEPENDENT_CNS ->
          NamespaceIdentity.putIndependent(data, namespace, controller.keyPerIo);
      case Identify.CNS_DESCRIPTORS -> NamespaceIdentity.putDescriptors(data, namespace);
      default -> {
        if (commandSet != Identify.NVM_COMMAND_SET) {
          return NvmeStatus.INVALID_FIELD;
        }
        data.fill((byte) 0); // no storage tags, guards of 16 bits
      }
    }
    return NvmeStatus.SUCCESS;
  }

  /** The namespaces above {@code after}, which none is at FFFFFFFEh and beyond. */
  private int list(int after) {
    if (Integer.compareUnsigned(after, LAST_LISTABLE) > 0) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    data.fill((byte) 0);
    long at = 0;
    for (int id = 1; id <= controller.namespaceCount() && at < Identify.BYTES; id++) {
      if (Integer.compareUnsigned(id, after) > 0) {
        data.set(SubmissionEntry.INT, at, id);
        at += Integer.BYTES;
      }
    }
    return NvmeStatus.SUCCESS;
  }
}
