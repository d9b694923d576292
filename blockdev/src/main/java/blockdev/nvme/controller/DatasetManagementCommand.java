package blockdev.nvme.controller;

import blockdev.nvme.DatasetRange;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/**
 * Dataset Management: deallocates the ranges that it names, all of each; other hints are no more
 * than that. If one range is not in the namespace, nothing is deallocated.
 */
final class DatasetManagementCommand extends NvmCommand {
  private final MemorySegment ranges =
      MemorySegment.ofArray(new byte[NvmLimits.DATASET_RANGES * DatasetRange.BYTES]);

  DatasetManagementCommand(NvmeController controller) {
    super(controller);
  }

  @Override
  boolean changesBlocks() {
    return true;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    command.keep(SubmissionEntry.cdw10And11(memory, at));
    int status = namespace.refusal(true);
    return status == NvmeStatus.SUCCESS
        ? command.pages().gather(at, rangeCount(command) * DatasetRange.BYTES)
        : status;
  }

  private static boolean deallocates(IoCommand command) {
    return (command.dwords() >>> Integer.SIZE & SubmissionEntry.DEALLOCATE) != 0;
  }

  private static int rangeCount(IoCommand command) {
    return (int) (command.dwords() & 0xFF) + 1;
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int count = rangeCount(command);
    command.pages().rewind();
    command.pages().take(ranges, 0, count * DatasetRange.BYTES);
    for (int range = 0; range < count; range++) {
      int status = namespace.checkRange(start(range), length(range));
      if (status != NvmeStatus.SUCCESS) {
        return command.failAt(start(range), status);
      }
    }
    for (int range = 0; deallocates(command) && range < count; range++) {
      if (length(range) > 0) {
        command.deallocate(namespace, start(range), length(range));
      }
    }
    return NvmeStatus.SUCCESS;
  }

  @Override
  void persist(IoCommand command, Namespace namespace) {
    for (int range = 0; deallocates(command) && range < rangeCount(command); range++) {
      if (length(range) > 0) {
        namespace.persist(start(range), length(range));
      }
    }
  }

  private long start(int range) {
    return DatasetRange.lba(ranges, (long) range * DatasetRange.BYTES);
  }

  private long length(int range) {
    return DatasetRange.blocks(ranges, (long) range * DatasetRange.BYTES);
  }
}
