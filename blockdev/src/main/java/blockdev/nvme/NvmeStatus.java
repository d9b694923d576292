package blockdev.nvme;

import blockdev.bio.BioStatus;

/**
 * Status values: bits 7:0 the code, bits 10:8 the code's type. Numbers and names are those of NVMe
 * Base 2.1, section "Status Field Definition".
 */
public final class NvmeStatus {
  public static final int SUCCESS = 0x000;
  public static final int INVALID_OPCODE = 0x001;
  public static final int INVALID_FIELD = 0x002;
  public static final int COMMAND_ID_CONFLICT = 0x003;
  public static final int DATA_TRANSFER_ERROR = 0x004;
  public static final int INTERNAL_ERROR = 0x006;
  public static final int ABORT_REQUESTED = 0x007;
  public static final int ABORTED_QUEUE_DELETION = 0x008;
  public static final int ABORTED_FAILED_FUSED = 0x009;
  public static final int ABORTED_MISSING_FUSED = 0x00A;
  public static final int INVALID_NAMESPACE = 0x00B;
  public static final int COMMAND_SEQUENCE_ERROR = 0x00C;
  public static final int PRP_OFFSET_INVALID = 0x013;
  public static final int ATOMIC_WRITE_UNIT_EXCEEDED = 0x014;
  public static final int OPERATION_DENIED = 0x015;
  public static final int SANITIZE_FAILED = 0x01C;
  public static final int SANITIZE_IN_PROGRESS = 0x01D;
  public static final int INVALID_KEY_TAG = 0x025;
  public static final int INCORRECT_KEY = 0x028;
  public static final int LBA_OUT_OF_RANGE = 0x080;
  public static final int NAMESPACE_NOT_READY = 0x082;
  public static final int FORMAT_IN_PROGRESS = 0x084;
  public static final int COMPLETION_QUEUE_INVALID = 0x100;
  public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
  public static final int INVALID_QUEUE_SIZE = 0x102;
  public static final int ABORT_LIMIT_EXCEEDED = 0x103;
  public static final int ASYNC_EVENT_LIMIT_EXCEEDED = 0x105;
  public static final int INVALID_INTERRUPT_VECTOR = 0x108;
  public static final int INVALID_LOG_PAGE = 0x109;
  public static final int INVALID_FORMAT = 0x10A;
  public static final int INVALID_QUEUE_DELETION = 0x10C;
  public static final int FEATURE_NOT_SAVEABLE = 0x10D;
  public static final int FEATURE_NOT_CHANGEABLE = 0x10E;
  public static final int FEATURE_NOT_NAMESPACE_SPECIFIC = 0x10F;
  public static final int INVALID_PROTECTION_INFORMATION = 0x181;
  public static final int COMMAND_SIZE_LIMIT_EXCEEDED = 0x183;
  public static final int INCOMPATIBLE_NAMESPACE_OR_FORMAT = 0x185;
  public static final int OVERLAPPING_IO_RANGE = 0x187;
  public static final int WRITE_FAULT = 0x280;
  public static final int UNRECOVERED_READ_ERROR = 0x281;
  public static final int GUARD_CHECK_ERROR = 0x282;
  public static final int APPLICATION_TAG_CHECK_ERROR = 0x283;
  public static final int REFERENCE_TAG_CHECK_ERROR = 0x284;
  public static final int COMPARE_FAILURE = 0x285;
  public static final int ACCESS_DENIED = 0x286;
  public static final int DEALLOCATED_OR_UNWRITTEN_BLOCK = 0x287;

  /** Made up by hosts for commands that a reset took away. */
  public static final int HOST_ABORTED = 0x371;

  /** Type and code, which is what the constants here are. */
  static final int VALUE_MASK = 0x7FF;

  /** DNR, in the status field of a completion: the command would fail again. */
  static final int DO_NOT_RETRY = 1 << 14;

  private static final int MEDIA_TYPE = 0x200;

  private NvmeStatus() {}

  /**
   * Whether a command that ended so may succeed if it is issued again, for what stood in its way
   * was not in the command or on the medium.
   */
  public static boolean isWorthRetrying(int status) {
    return switch (status) {
      case INTERNAL_ERROR,
          ABORT_REQUESTED,
          ABORTED_QUEUE_DELETION,
          SANITIZE_IN_PROGRESS,
          NAMESPACE_NOT_READY,
          FORMAT_IN_PROGRESS,
          ABORT_LIMIT_EXCEEDED,
          ASYNC_EVENT_LIMIT_EXCEEDED,
          HOST_ABORTED ->
          true;
      default -> false;
    };
  }

  /** Whether the medium or the data on it is to blame, as SMART's media errors are counted. */
  public static boolean isMediaError(int status) {
    int code = status & 0xFF;
    return (status & VALUE_MASK & ~0xFF) == MEDIA_TYPE && (code <= 0x84 || code == 0x88);
  }

  /** What a bio ends with ({@code nvme_error_status} in {@code drivers/nvme/host/core.c}). */
  public static BioStatus toBioStatus(int status) {
    return switch (status) {
      case SUCCESS -> BioStatus.OK;
      case INVALID_OPCODE, INVALID_FIELD, INVALID_NAMESPACE -> BioStatus.NOTSUPP;
      case LBA_OUT_OF_RANGE, NAMESPACE_NOT_READY -> BioStatus.TARGET;
      case WRITE_FAULT,
          UNRECOVERED_READ_ERROR,
          COMPARE_FAILURE,
          ACCESS_DENIED,
          DEALLOCATED_OR_UNWRITTEN_BLOCK ->
          BioStatus.MEDIUM;
      case INVALID_PROTECTION_INFORMATION,
          GUARD_CHECK_ERROR,
          APPLICATION_TAG_CHECK_ERROR,
          REFERENCE_TAG_CHECK_ERROR ->
          BioStatus.PROTECTION;
      case ABORT_REQUESTED, HOST_ABORTED -> BioStatus.TIMEOUT; // IOERR in Linux
      default -> BioStatus.IOERR;
    };
  }

  /** The status in words, for people. */
  public static String describe(int status) {
    return switch (status) {
      case SUCCESS -> "success";
      case INVALID_OPCODE -> "invalid command opcode";
      case INVALID_FIELD -> "invalid field in command";
      case COMMAND_ID_CONFLICT -> "command id conflict";
      case DATA_TRANSFER_ERROR -> "data transfer error";
      case INTERNAL_ERROR -> "internal error";
      case ABORT_REQUESTED -> "command abort requested";
      case ABORTED_QUEUE_DELETION -> "command aborted due to SQ deletion";
      case INVALID_NAMESPACE -> "invalid namespace or format";
      case COMMAND_SEQUENCE_ERROR -> "command sequence error";
      case PRP_OFFSET_INVALID -> "PRP offset invalid";
      case OPERATION_DENIED -> "operation denied";
      case SANITIZE_FAILED -> "sanitize failed";
      case SANITIZE_IN_PROGRESS -> "sanitize in progress";
      case INVALID_KEY_TAG -> "invalid key tag";
      case INCORRECT_KEY -> "incorrect key";
      case LBA_OUT_OF_RANGE -> "LBA out of range";
      case NAMESPACE_NOT_READY -> "namespace not ready";
      case FORMAT_IN_PROGRESS -> "format in progress";
      case COMPLETION_QUEUE_INVALID -> "completion queue invalid";
      case INVALID_QUEUE_IDENTIFIER -> "invalid queue identifier";
      case INVALID_QUEUE_SIZE -> "invalid queue size";
      case ABORT_LIMIT_EXCEEDED -> "abort command limit exceeded";
      case ASYNC_EVENT_LIMIT_EXCEEDED -> "asynchronous event request limit exceeded";
      case INVALID_INTERRUPT_VECTOR -> "invalid interrupt vector";
      case INVALID_LOG_PAGE -> "invalid log page";
      case INVALID_FORMAT -> "invalid format";
      case INVALID_QUEUE_DELETION -> "invalid queue deletion";
      case FEATURE_NOT_SAVEABLE -> "feature identifier not saveable";
      case FEATURE_NOT_CHANGEABLE -> "feature not changeable";
      case FEATURE_NOT_NAMESPACE_SPECIFIC -> "feature not namespace specific";
      case ABORTED_FAILED_FUSED -> "command aborted due to failed fused command";
      case ABORTED_MISSING_FUSED -> "command aborted due to missing fused command";
      case ATOMIC_WRITE_UNIT_EXCEEDED -> "atomic write unit exceeded";
      case INVALID_PROTECTION_INFORMATION -> "invalid protection information";
      case COMMAND_SIZE_LIMIT_EXCEEDED -> "command size limit exceeded";
      case INCOMPATIBLE_NAMESPACE_OR_FORMAT -> "incompatible namespace or format";
      case OVERLAPPING_IO_RANGE -> "overlapping I/O range";
      case GUARD_CHECK_ERROR -> "end-to-end guard check error";
      case APPLICATION_TAG_CHECK_ERROR -> "end-to-end application tag check error";
      case REFERENCE_TAG_CHECK_ERROR -> "end-to-end reference tag check error";
      case COMPARE_FAILURE -> "compare failure";
      case DEALLOCATED_OR_UNWRITTEN_BLOCK -> "deallocated or unwritten logical block";
      case WRITE_FAULT -> "write fault";
      case UNRECOVERED_READ_ERROR -> "unrecovered read error";
      case ACCESS_DENIED -> "access denied";
      case HOST_ABORTED -> "command aborted by host";
      default -> String.format("status %03xh", status);
    };
  }
}
