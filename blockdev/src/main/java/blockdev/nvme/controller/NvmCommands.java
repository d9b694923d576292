package blockdev.nvme.controller;

import blockdev.nvme.SubmissionEntry;
import org.jspecify.annotations.Nullable;

/** The commands that an I/O queue takes, by opcode. */
final class NvmCommands {
  private final @Nullable NvmCommand[] byOpcode = new NvmCommand[256];

  NvmCommands(NvmeController controller) {
    Stage stage = new Stage(controller.maxTransferBytes());
    byOpcode[SubmissionEntry.FLUSH] = new FlushCommand(controller);
    byOpcode[SubmissionEntry.WRITE] = new WriteCommand(controller, stage);
    byOpcode[SubmissionEntry.READ] = new ReadCommand(controller, stage);
    byOpcode[SubmissionEntry.WRITE_UNCORRECTABLE] = new WriteUncorrectableCommand(controller);
    byOpcode[SubmissionEntry.COMPARE] = new CompareCommand(controller, stage);
    byOpcode[SubmissionEntry.WRITE_ZEROES] = new WriteZeroesCommand(controller, stage);
    byOpcode[SubmissionEntry.DATASET_MANAGEMENT] = new DatasetManagementCommand(controller);
    byOpcode[SubmissionEntry.VERIFY] = new VerifyCommand(controller, stage);
    byOpcode[SubmissionEntry.COPY] = new CopyCommand(controller, stage);
  }

  /** The command of that opcode, null if there is none. */
  @Nullable NvmCommand of(int opcode) {
    return byOpcode[opcode];
  }
}
