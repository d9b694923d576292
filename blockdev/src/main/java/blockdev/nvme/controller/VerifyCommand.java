package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;

/** Verify: as Read, but nothing goes to the host. Of any size that the entry can say. */
final class VerifyCommand extends ReadingCommand {
  VerifyCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return checkWithoutTransfer(command, namespace, at);
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int status = command.checkReadable(namespace);
    LbaFormat format = namespace.format();
    if (!format.hasProtection() || !command.protection().checksAnything()) {
      return status;
    }
    int most = stage.blocks(format);
    int piece;
    for (int done = 0; status == NvmeStatus.SUCCESS && done < command.blocks(); done += piece) {
      piece = Math.min(most, command.blocks() - done);
      stage.load(namespace, command.lba() + done, piece, command.key(), 0);
      status = command.checkProtection(stage, format, done, piece);
    }
    return status;
  }
}
