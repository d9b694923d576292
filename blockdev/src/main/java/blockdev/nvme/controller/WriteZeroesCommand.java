package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.sim.Transfer;

/**
 * Write Zeroes: the blocks read as zeroes, of plaintext. With DEAC they are deallocated, and read
 * so with whatever key; without, zeroes are written with the key of the command. Of any size that
 * the entry can say.
 */
final class WriteZeroesCommand extends WritingCommand {
  WriteZeroesCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    int dword = SubmissionEntry.cdw(memory, at, 12);
    command.keep(dword);
    return (dword & SubmissionEntry.NAMESPACE_ZEROES) == 0
        ? checkWithoutTransfer(command, namespace, at)
        : NvmeStatus.INVALID_FIELD;
  }

  private static boolean deallocates(IoCommand command) {
    return (command.dwords() & SubmissionEntry.DEALLOCATE_ZEROES) != 0;
  }

  @Override
  void start(IoCommand command, Namespace namespace, Transfer transfer) {
    if (deallocates(command)) {
      transfer.pass();
    } else {
      super.start(command, namespace, transfer);
    }
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    long lba = command.lba();
    int blocks = command.blocks();
    if (deallocates(command)) {
      command.deallocate(namespace, lba, blocks);
      return NvmeStatus.SUCCESS;
    }
    if (namespace.medium().carriesBytes()) {
      namespace.beforeWrite(lba, blocks);
      if (namespace.metadataBytes() == 0 && !command.key().isPresent()) {
        namespace
            .medium()
            .zero(namespace.mediumOffset(lba), (long) blocks << namespace.blockShift());
      } else {
        store(command, namespace);
      }
    }
    command.written(namespace);
    return NvmeStatus.SUCCESS;
  }

  private void store(IoCommand command, Namespace namespace) {
    LbaFormat format = namespace.format();
    int most = stage.blocks(format);
    stage.zero(format, Math.min(most, command.blocks()));
    int piece;
    for (int done = 0; done < command.blocks(); done += piece) {
      piece = Math.min(most, command.blocks() - done);
      if (command.protection().isAction()) {
        command.protection().make(stage, format, done, piece);
      }
      stage.store(namespace, command.lba() + done, piece, command.key(), 0);
    }
  }
}
