package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;

/**
 * Compare: plaintext of the medium, under the command's key, with bytes of the host; metadata too,
 * but not protection information, which is checked. Where media carry no bytes there is none.
 */
final class CompareCommand extends ReadingCommand {
  CompareCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return namespace.medium().carriesBytes()
        ? checkTransfer(command, namespace, at, false)
        : NvmeStatus.INVALID_OPCODE;
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int status = command.checkReadable(namespace);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    LbaFormat format = namespace.format();
    stage.load(namespace, command.lba(), command.blocks(), command.key(), 0);
    status = command.checkProtection(stage, format, 0, command.blocks());
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    int different = command.hostBlocks().mismatch(stage, format, command.blocks());
    return different < 0
        ? NvmeStatus.SUCCESS
        : command.failAt(command.lba() + different, NvmeStatus.COMPARE_FAILURE);
  }
}
