package blockdev.nvme.controller;

import static blockdev.nvme.AdminOpcode.*;

import blockdev.nvme.LogPage;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;

/** Which commands there are, and what they change: the Commands Supported and Effects log. */
final class CommandEffects {
  static final int SUPPORTED = 1; // CSUPP
  private static final int CHANGES_DATA = 1 << 1; // LBCC
  private static final int CHANGES_NAMESPACE = 1 << 2; // NCC
  private static final int ONE_AT_A_TIME = 2 << 16; // CSE: no other command to any namespace

  private CommandEffects() {}

  static int ofAdmin(int opcode) {
    return switch (opcode) {
      case DELETE_SUBMISSION_QUEUE,
          CREATE_SUBMISSION_QUEUE,
          GET_LOG_PAGE,
          DELETE_COMPLETION_QUEUE,
          CREATE_COMPLETION_QUEUE,
          IDENTIFY,
          ABORT,
          SET_FEATURES,
          GET_FEATURES,
          ASYNC_EVENT_REQUEST,
          KEEP_ALIVE,
          SECURITY_SEND,
          SECURITY_RECEIVE ->
          SUPPORTED;
      case FORMAT_NVM -> SUPPORTED | CHANGES_DATA | CHANGES_NAMESPACE | ONE_AT_A_TIME;
      case SANITIZE -> SUPPORTED | CHANGES_DATA | ONE_AT_A_TIME;
      default -> 0;
    };
  }

  static int ofIo(int opcode) {
    return switch (opcode) {
      case SubmissionEntry.FLUSH,
          SubmissionEntry.READ,
          SubmissionEntry.COMPARE,
          SubmissionEntry.VERIFY ->
          SUPPORTED;
      case SubmissionEntry.WRITE,
          SubmissionEntry.WRITE_UNCORRECTABLE,
          SubmissionEntry.WRITE_ZEROES,
          SubmissionEntry.DATASET_MANAGEMENT,
          SubmissionEntry.COPY ->
          SUPPORTED | CHANGES_DATA;
      default -> 0;
    };
  }

  /**
   * @param compares whether there is Compare
   */
  static void put(MemorySegment log, boolean compares) {
    for (int opcode = 0; opcode < 256; opcode++) {
      log.set(SubmissionEntry.INT, 4L * opcode, ofAdmin(opcode));
      boolean isThere = compares || opcode != SubmissionEntry.COMPARE;
      log.set(SubmissionEntry.INT, LogPage.EFFECTS_IO + 4L * opcode, isThere ? ofIo(opcode) : 0);
    }
  }
}
