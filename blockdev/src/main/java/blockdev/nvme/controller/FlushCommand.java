package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;

/** Flush: what was written to the namespace before it was fetched is durable when this ends. */
final class FlushCommand extends NvmCommand {
  @Override
  boolean changesBlocks() {
    return false;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return namespace.refusal(false);
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    namespace.medium().flush(command.flushPoint());
    return NvmeStatus.SUCCESS;
  }
}
