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
  private final MemorySegment memory;
  private final MemorySegment ranges =
      MemorySegment.ofArray(new byte[NvmLimits.DATASET_RANGES * DatasetRange.BYTES]);

  DatasetManagementCommand(NvmeController controller) {
    memory = controller.memory.segment();
  }

  @Override
  boolean changesBlocks() {
    return true;
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    command.setDeallocates((SubmissionEntry.cdw(memory, at, 11) & SubmissionEntry.DEALLOCATE) != 0);
    command.setRanges((SubmissionEntry.cdw(memory, at, 10) & 0xFF) + 1);
    int status = namespace.refusal(true);
    return status == NvmeStatus.SUCCESS
        ? command.gather(at, command.ranges() * DatasetRange.BYTES)
        : status;
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int count = command.ranges();
    command.pages().rewind();
    command.pages().take(ranges, 0, count * DatasetRange.BYTES);
    for (int range = 0; range < count; range++) {
      long start = start(range);
      if (start < 0 || start > namespace.blocks() - length(range)) {
        return command.failAt(start, NvmeStatus.LBA_OUT_OF_RANGE);
      }
    }
    for (int range = 0; command.deallocates() && range < count; range++) {
      if (length(range) > 0) {
        command.deallocate(namespace, start(range), length(range));
      }
    }
    return NvmeStatus.SUCCESS;
  }

  @Override
  void persist(IoCommand command, Namespace namespace) {
    for (int range = 0; command.deallocates() && range < command.ranges(); range++) {
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
