package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.sim.Transfer;

/**
 * Flush: what was written to the namespace before it was fetched is durable when this ends. Where
 * the write cache is off, there is nothing to wait for.
 */
final class FlushCommand extends NvmCommand {
  FlushCommand(NvmeController controller) {
    super(controller);
  }

  @Override
  boolean changesBlocks() {
    return false;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return namespace.refusal(false);
  }

  @Override
  void start(IoCommand command, Namespace namespace, Transfer transfer) {
    if (controller.writeCache().isOn()) {
      transfer.flush();
    } else {
      transfer.pass();
    }
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    namespace.medium().flush(command.flushPoint());
    return NvmeStatus.SUCCESS;
  }
}
