package blockdev.nvme.controller;

import static blockdev.nvme.AdminOpcode.*;

import blockdev.nvme.LogPage;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * Sanitize, and the state that it leaves: nothing of what was ever written can be read afterwards,
 * by whatever way. It goes on over resets and power cycles until it is done.
 *
 * <p>Whatever the action, the bytes on the medium are zeroed, or after an overwrite that says so
 * (NDAS) hold its pattern: a medium here has no key of its own that could be thrown away instead.
 */
final class Sanitize {
  private static final int EXIT_FAILURE_MODE = 1;
  private static final int BLOCK_ERASE = 2;
  private static final int OVERWRITE = 3;
  private static final int CRYPTO_ERASE = 4;

  private static final int NEVER = 0;
  private static final int DONE = 1;
  private static final int IN_PROGRESS = 2;
  private static final int FAILED = 3;
  private static final int DONE_WITHOUT_DEALLOCATION = 4;
  private static final int GLOBAL_DATA_ERASED = 1 << 8;

  private static final int UNRESTRICTED_EXIT = 1 << 3; // AUSE
  private static final int INVERT_BETWEEN_PASSES = 1 << 8; // OIPBP
  private static final int NO_DEALLOCATE = 1 << 9; // NDAS
  private static final int MOST_PASSES = 16;
  private static final int WHOLE_PROGRESS = 65536;
  private static final int IDLE_PROGRESS = 0xFFFF;

  private final NvmeController controller;
  private int state = NEVER;
  private int cdw10;
  private int pattern;
  private long startNs;
  private long durationNs;
  private long writesAtEnd = -1;

  Sanitize(NvmeController controller) {
    this.controller = controller;
  }

  /** Why an admin command is refused now, or Success. */
  int refusal(int opcode) {
    int status = ioRefusal();
    if (status == NvmeStatus.SUCCESS || (opcode == SANITIZE && state == FAILED)) {
      return NvmeStatus.SUCCESS;
    }
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
          KEEP_ALIVE ->
          NvmeStatus.SUCCESS;
      default -> CommandEffects.ofAdmin(opcode) == 0 ? NvmeStatus.SUCCESS : status;
    };
  }

  private int ioRefusal() {
    return switch (state) {
      case IN_PROGRESS -> NvmeStatus.SANITIZE_IN_PROGRESS;
      case FAILED -> NvmeStatus.SANITIZE_FAILED;
      default -> NvmeStatus.SUCCESS;
    };
  }

  int execute(AdminCommand command) {
    int action = command.cdw(10) & 7;
    if (action == EXIT_FAILURE_MODE) {
      return exitFailureMode();
    }
    if (action < BLOCK_ERASE || action > CRYPTO_ERASE) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (controller.keyPerIo != null) {
      return NvmeStatus.ACCESS_DENIED; // the Key Per I/O security provider is owned
    }
    boolean restrictedBefore = state == FAILED && (cdw10 & UNRESTRICTED_EXIT) == 0;
    if (restrictedBefore && (command.cdw(10) & UNRESTRICTED_EXIT) != 0) {
      return NvmeStatus.SANITIZE_FAILED; // only another restricted one leaves that state
    }
    for (Namespace namespace : controller.namespaces()) {
      if (namespace.refusal(true) == NvmeStatus.FORMAT_IN_PROGRESS) {
        return NvmeStatus.FORMAT_IN_PROGRESS;
      }
    }
    cdw10 = command.cdw(10) & 0xFFFF;
    pattern = command.cdw(11);
    start(action);
    return NvmeStatus.SUCCESS;
  }

  private int exitFailureMode() {
    if (state != FAILED) {
      return NvmeStatus.SUCCESS;
    }
    if ((cdw10 & UNRESTRICTED_EXIT) == 0) {
      return NvmeStatus.SANITIZE_FAILED;
    }
    state = NEVER;
    setRefusals();
    return NvmeStatus.SUCCESS;
  }

  private void start(int action) {
    long bytes = 0;
    for (Namespace namespace : controller.namespaces()) {
      bytes += namespace.capacityBytes();
      controller.queues().refuse(namespace, NvmeStatus.SANITIZE_IN_PROGRESS);
    }
    state = IN_PROGRESS;
    startNs = controller.nowNs();
    durationNs =
        switch (action) {
          case BLOCK_ERASE -> EraseTiming.blockEraseNs(bytes);
          case OVERWRITE -> EraseTiming.overwriteNs(bytes, passes());
          default -> EraseTiming.CRYPTO_ERASE_NS;
        };
    setRefusals();
    controller.vectors().adminEvents().schedule(this::finish, durationNs);
  }

  private int passes() {
    int passes = cdw10 >>> 4 & 0xF;
    return passes == 0 ? MOST_PASSES : passes;
  }

  private void setRefusals() {
    for (Namespace namespace : controller.namespaces()) {
      namespace.setRefusal(ioRefusal());
    }
  }

  private void finish() {
    boolean keepsPattern = (cdw10 & 7) == OVERWRITE && (cdw10 & NO_DEALLOCATE) != 0;
    try {
      for (Namespace namespace : controller.namespaces()) {
        namespace.reformat(namespace.format());
        if (keepsPattern) {
          namespace.overwrite(lastPattern());
        }
      }
      state = keepsPattern ? DONE_WITHOUT_DEALLOCATION : DONE;
    } catch (UncheckedIOException ofMedium) {
      state = FAILED;
    }
    writesAtEnd = controller.health().io().writeCommands;
    setRefusals();
    controller.events().sanitizeCompleted();
  }

  /** Each pass but the first inverts the pattern of the one before, if the command says so. */
  private int lastPattern() {
    boolean inverts = (cdw10 & INVERT_BETWEEN_PASSES) != 0 && passes() % 2 == 0;
    return inverts ? ~pattern : pattern;
  }

  /** The Sanitize Status log page. */
  MemorySegment page() {
    MemorySegment page = MemorySegment.ofArray(new byte[LogPage.SANITIZE_BYTES]);
    int status = state;
    if (state == DONE || state == DONE_WITHOUT_DEALLOCATION) {
      boolean nothingWritten = controller.health().io().writeCommands == writesAtEnd;
      status |= nothingWritten ? GLOBAL_DATA_ERASED : 0;
      status |= (cdw10 & 7) == OVERWRITE ? passes() << 3 : 0;
    }
    page.set(SubmissionEntry.SHORT, LogPage.SANITIZE_PROGRESS, (short) progress());
    page.set(SubmissionEntry.SHORT, LogPage.SANITIZE_STATUS, (short) status);
    page.set(SubmissionEntry.INT, LogPage.SANITIZE_CDW10, cdw10);
    for (int estimate = 0; estimate < 6; estimate++) { // seconds: unknown
      page.set(SubmissionEntry.INT, LogPage.SANITIZE_ESTIMATES + 4L * estimate, -1);
    }
    return page;
  }

  private int progress() {
    if (state != IN_PROGRESS) {
      return IDLE_PROGRESS;
    }
    double done = (double) (controller.nowNs() - startNs) / durationNs;
    return Math.min((int) (done * WHOLE_PROGRESS), IDLE_PROGRESS - 1);
  }
}
