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
  public static final int INVALID_NAMESPACE = 0x00B;
  public static final int PRP_OFFSET_INVALID = 0x013;
  public static final int OPERATION_DENIED = 0x015;
  public static final int INVALID_KEY_TAG = 0x025;
  public static final int INCORRECT_KEY = 0x028;
  public static final int LBA_OUT_OF_RANGE = 0x080;
  public static final int COMPLETION_QUEUE_INVALID = 0x100;
  public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
  public static final int INVALID_QUEUE_SIZE = 0x102;
  public static final int INVALID_INTERRUPT_VECTOR = 0x108;
  public static final int WRITE_FAULT = 0x280;
  public static final int UNRECOVERED_READ_ERROR = 0x281;
  public static final int ACCESS_DENIED = 0x286;

  private NvmeStatus() {}

  /** What a bio ends with ({@code nvme_error_status} in {@code drivers/nvme/host/core.c}). */
  public static BioStatus toBioStatus(int status) {
    return switch (status) {
      case SUCCESS -> BioStatus.OK;
      case INVALID_OPCODE, INVALID_FIELD, INVALID_NAMESPACE -> BioStatus.NOTSUPP;
      case LBA_OUT_OF_RANGE -> BioStatus.TARGET;
      case WRITE_FAULT, UNRECOVERED_READ_ERROR -> BioStatus.MEDIUM;
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
      case INVALID_NAMESPACE -> "invalid namespace or format";
      case PRP_OFFSET_INVALID -> "PRP offset invalid";
      case OPERATION_DENIED -> "operation denied";
      case INVALID_KEY_TAG -> "invalid key tag";
      case INCORRECT_KEY -> "incorrect key";
      case LBA_OUT_OF_RANGE -> "LBA out of range";
      case COMPLETION_QUEUE_INVALID -> "completion queue invalid";
      case INVALID_QUEUE_IDENTIFIER -> "invalid queue identifier";
      case INVALID_QUEUE_SIZE -> "invalid queue size";
      case INVALID_INTERRUPT_VECTOR -> "invalid interrupt vector";
      case WRITE_FAULT -> "write fault";
      case UNRECOVERED_READ_ERROR -> "unrecovered read error";
      case ACCESS_DENIED -> "access denied";
      default -> String.format("status %03xh", status);
    };
  }
}
