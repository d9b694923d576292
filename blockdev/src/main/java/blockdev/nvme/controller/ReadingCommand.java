package blockdev.nvme.controller;

import blockdev.sim.Transfer;

/** A command that reads its blocks from the medium. */
abstract class ReadingCommand extends NvmCommand {
  final Stage stage;

  ReadingCommand(NvmeController controller, Stage stage) {
    super(controller);
    this.stage = stage;
  }

  @Override
  final boolean changesBlocks() {
    return false;
  }

  @Override
  final void start(IoCommand command, Namespace namespace, Transfer transfer) {
    transfer.read(
        namespace.mediumOffset(command.lba()),
        command.blocks() << namespace.blockShift(),
        command.key().isPresent());
  }
}
