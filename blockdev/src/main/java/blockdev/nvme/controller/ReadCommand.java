package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.sim.Transfer;
import java.lang.foreign.MemorySegment;

/** Read: from the medium straight into the pages of the host, unless blocks have metadata. */
final class ReadCommand extends NvmCommand {
  private final NvmeController controller;
  private final Stage stage;

  ReadCommand(NvmeController controller, Stage stage) {
    this.controller = controller;
    this.stage = stage;
  }

  @Override
  boolean changesBlocks() {
    return false;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    return command.checkTransfer(namespace, at, true);
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
    MemorySegment host = controller.memory.segment();
    long offset = start;
    for (int run = 0; run < pages.runs(); run++) {
      key.decrypt(medium, offset, host, pages.offset(run), pages.length(run));
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
      stage.giveToHost(command, format);
    }
    return status;
  }
}
