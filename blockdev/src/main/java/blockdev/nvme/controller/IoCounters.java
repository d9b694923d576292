package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;

/** What the commands of a queue did, as the SMART log counts it. */
final class IoCounters {
  private static final int SMART_UNIT_SHIFT = 9; // the log counts in thousands of 512 bytes

  long readCommands;
  long writeCommands;
  long unitsRead; // of 512 bytes
  long unitsWritten;
  long mediaErrors;

  void count(int opcode, long dataBytes, int status) {
    long units = status == NvmeStatus.SUCCESS ? dataBytes >>> SMART_UNIT_SHIFT : 0;
    if (opcode == SubmissionEntry.READ || opcode == SubmissionEntry.COMPARE) {
      readCommands++;
      unitsRead += units;
    } else if (opcode == SubmissionEntry.WRITE) {
      writeCommands++;
      unitsWritten += units;
    }
    if (status != NvmeStatus.SUCCESS && NvmeStatus.isMediaError(status)) {
      mediaErrors++;
    }
  }

  void add(IoCounters other) {
    readCommands += other.readCommands;
    writeCommands += other.writeCommands;
    unitsRead += other.unitsRead;
    unitsWritten += other.unitsWritten;
    mediaErrors += other.mediaErrors;
  }
}
