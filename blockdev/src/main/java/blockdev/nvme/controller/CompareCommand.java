package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.sim.Transfer;

/**
 * Compare: plaintext of the medium, under the command's key, with bytes of the host; metadata too,
 * but not protection information, which is checked. Where media carry no bytes there is none.
 */
final class CompareCommand extends NvmCommand {
  private final Stage stage;

  CompareCommand(Stage stage) {
    this.stage = stage;
  }

  @Override
  boolean changesBlocks() {
    return false;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return namespace.medium().carriesBytes()
        ? command.checkTransfer(namespace, at, false)
        : NvmeStatus.INVALID_OPCODE;
  }

  @Override
  void start(IoCommand command, Namespace namespace, Transfer transfer) {
    transfer.read(
        namespace.mediumOffset(command.lba()),
        command.blocks() << namespace.blockShift(),
        command.key().isPresent());
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
    int different = stage.mismatch(command, format);
    return different < 0
        ? NvmeStatus.SUCCESS
        : command.failAt(command.lba() + different, NvmeStatus.COMPARE_FAILURE);
  }
}
