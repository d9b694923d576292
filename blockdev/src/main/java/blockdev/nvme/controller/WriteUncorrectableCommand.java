package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;

/** Write Uncorrectable: reads of the blocks fail until they are written. Their bytes stay. */
final class WriteUncorrectableCommand extends NvmCommand {
  WriteUncorrectableCommand(NvmeController controller) {
    super(controller);
  }

  @Override
  boolean changesBlocks() {
    return true;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    int status = command.checkRange(namespace, at);
    return status == NvmeStatus.SUCCESS ? namespace.refusal(true) : status;
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    namespace.markUncorrectable(command.lba(), command.blocks());
    return NvmeStatus.SUCCESS;
  }
}
