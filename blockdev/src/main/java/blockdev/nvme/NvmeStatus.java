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
  public static final int DATA_TRANSFER_ERROR = 0x004;
  public static final int INTERNAL_ERROR = 0x006;
  public static final int ABORTED_FAILED_FUSED = 0x009;
  public static final int ABORTED_MISSING_FUSED = 0x00A;
  public static final int INVALID_NAMESPACE = 0x00B;
  public static final int PRP_OFFSET_INVALID = 0x013;
  public static final int ATOMIC_WRITE_UNIT_EXCEEDED = 0x014;
  public static final int OPERATION_DENIED = 0x015;
  public static final int INVALID_KEY_TAG = 0x025;
  public static final int INCORRECT_KEY = 0x028;
  public static final int LBA_OUT_OF_RANGE = 0x080;
  public static final int COMPLETION_QUEUE_INVALID = 0x100;
  public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
  public static final int INVALID_QUEUE_SIZE = 0x102;
  public static final int INVALID_INTERRUPT_VECTOR = 0x108;
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

  private NvmeStatus() {}

  /** What a bio ends with ({@code nvme_error_status} in {@code drivers/nvme/host/core.c}). */
  public static BioStatus toBioStatus(int status) {
    return switch (status) {
      case SUCCESS -> BioStatus.OK;
      case INVALID_OPCODE, INVALID_FIELD, INVALID_NAMESPACE -> BioStatus.NOTSUPP;
      case LBA_OUT_OF_RANGE -> BioStatus.TARGET;
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
      default -> BioStatus.IOERR;
    };
  }

  /** The status in words, for people. */
  public static String describe(int status) {
    return switch (status) {
      case SUCCESS -> "success";
      case INVALID_OPCODE -> "invalid command opcode";
      case INVALID_FIELD -> "invalid field in command";
      case DATA_TRANSFER_ERROR -> "data transfer error";
      case INTERNAL_ERROR -> "internal error";
      case ABORTED_FAILED_FUSED -> "command aborted due to failed fused command";
      case ABORTED_MISSING_FUSED -> "command aborted due to missing fused command";
      case INVALID_NAMESPACE -> "invalid namespace or format";
      case PRP_OFFSET_INVALID -> "PRP offset invalid";
      case ATOMIC_WRITE_UNIT_EXCEEDED -> "atomic write unit exceeded";
      case OPERATION_DENIED -> "operation denied";
      case INVALID_KEY_TAG -> "invalid key tag";
      case INCORRECT_KEY -> "incorrect key";
      case LBA_OUT_OF_RANGE -> "LBA out of range";
      case COMPLETION_QUEUE_INVALID -> "completion queue invalid";
      case INVALID_QUEUE_IDENTIFIER -> "invalid queue identifier";
      case INVALID_QUEUE_SIZE -> "invalid queue size";
      case INVALID_INTERRUPT_VECTOR -> "invalid interrupt vector";
      case INVALID_PROTECTION_INFORMATION -> "invalid protection information";
      case COMMAND_SIZE_LIMIT_EXCEEDED -> "command size limit exceeded";
      case INCOMPATIBLE_NAMESPACE_OR_FORMAT -> "incompatible namespace or format";
      case OVERLAPPING_IO_RANGE -> "overlapping I/O range";
      case WRITE_FAULT -> "write fault";
      case UNRECOVERED_READ_ERROR -> "unrecovered read error";
      case GUARD_CHECK_ERROR -> "end-to-end guard check error";
      case APPLICATION_TAG_CHECK_ERROR -> "end-to-end application tag check error";
      case REFERENCE_TAG_CHECK_ERROR -> "end-to-end reference tag check error";
      case COMPARE_FAILURE -> "compare failure";
      case ACCESS_DENIED -> "access denied";
      case DEALLOCATED_OR_UNWRITTEN_BLOCK -> "deallocated or unwritten logical block";
      default -> String.format("status %03xh", status);
    };
  }
}
