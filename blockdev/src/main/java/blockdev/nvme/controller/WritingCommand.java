package blockdev.nvme.controller;

import blockdev.sim.Transfer;

/** A command that writes its blocks to the medium. */
abstract class WritingCommand extends NvmCommand {
  final Stage stage;

  WritingCommand(NvmeController controller, Stage stage) {
    super(controller);
    this.stage = stage;
  }

  @Override
  final boolean changesBlocks() {
    return true;
  }

  @Override
  void start(IoCommand command, Namespace namespace, Transfer transfer) {
    transfer.write(
        namespace.mediumOffset(command.lba()),
        command.blocks() << namespace.blockShift(),
        command.key().isPresent(),
        command.isThroughCache());
  }
}
