package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import java.lang.foreign.MemorySegment;

/** Read: from the medium straight into the pages of the host, unless blocks have metadata. */
final class ReadCommand extends ReadingCommand {
  ReadCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return checkTransfer(command, namespace, at, true);
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int status = command.checkReadable(namespace);
    if (status != NvmeStatus.SUCCESS || !namespace.medium().carriesBytes()) {
      return status;
    }
    MemorySegment medium = namespace.medium().segment();
    long start = namespace.mediumOffset(command.lba());
    controller.tracer.mediumTouched(false, medium, start);
    if (namespace.metadataBytes() > 0) {
      return readStaged(command, namespace);
    }
    DataPages pages = command.pages();
    CommandKey key = command.key();
    long offset = start;
    for (int run = 0; run < pages.runs(); run++) {
      key.decrypt(medium, offset, memory, pages.offset(run), pages.length(run));
      offset += pages.length(run);
    }
    if (key.isPresent() && !namespace.deallocated().isUnused()) {
      zeroDeallocated(command, namespace);
    }
    return NvmeStatus.SUCCESS;
  }

  /** Deallocated blocks are zeroes on the medium, which the key has made into something else. */
  private static void zeroDeallocated(IoCommand command, Namespace namespace) {
    long lba = command.lba();
    long end = lba + command.blocks();
    int blockBytes = namespace.format().blockBytes();
    BlockSet deallocated = namespace.deallocated();
    for (long block = deallocated.next(lba, end);
        block >= 0;
        block = deallocated.next(block + 1, end)) {
      command.pages().zero((int) (block - lba << namespace.blockShift()), blockBytes);
    }
  }

  private int readStaged(IoCommand command, Namespace namespace) {
    LbaFormat format = namespace.format();
    stage.load(namespace, command.lba(), command.blocks(), command.key(), 0);
    int status = command.checkProtection(stage, format, 0, command.blocks());
    if (status == NvmeStatus.SUCCESS) {
      command.hostBlocks().copyFrom(stage, format, command.blocks());
    }
    return status;
  }
}
