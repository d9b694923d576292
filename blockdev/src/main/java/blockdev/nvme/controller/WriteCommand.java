package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import java.lang.foreign.MemorySegment;

/** Write: from the pages of the host straight to the medium, unless blocks have metadata. */
final class WriteCommand extends WritingCommand {
  WriteCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return checkTransfer(command, namespace, at, true);
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    if (namespace.medium().carriesBytes()) {
      int status =
          namespace.metadataBytes() > 0
              ? writeStaged(command, namespace)
              : write(command, namespace);
      if (status != NvmeStatus.SUCCESS) {
        return status;
      }
    }
    command.written(namespace);
    return NvmeStatus.SUCCESS;
  }

  private int write(IoCommand command, Namespace namespace) {
    DataPages pages = command.pages();
    CommandKey key = command.key();
    MemorySegment medium = namespace.medium().segment();
    long start = namespace.mediumOffset(command.lba());
    namespace.beforeWrite(command.lba(), command.blocks());
    long offset = start;
    for (int run = 0; run < pages.runs(); run++) {
      key.encrypt(memory, pages.offset(run), medium, offset, pages.length(run));
      offset += pages.length(run);
    }
    controller.tracer.mediumTouched(true, medium, start);
    return NvmeStatus.SUCCESS;
  }

  private int writeStaged(IoCommand command, Namespace namespace) {
    LbaFormat format = namespace.format();
    int blocks = command.blocks();
    command.hostBlocks().copyTo(stage, format, blocks);
    if (command.protection().isAction()) {
      command.protection().make(stage, format, 0, blocks);
    } else {
      int status = command.checkProtection(stage, format, 0, blocks);
      if (status != NvmeStatus.SUCCESS) {
        return status;
      }
    }
    namespace.beforeWrite(command.lba(), blocks);
    stage.store(namespace, command.lba(), blocks, command.key(), 0);
    controller.tracer.mediumTouched(
        true, namespace.medium().segment(), namespace.mediumOffset(command.lba()));
    return NvmeStatus.SUCCESS;
  }
}
