package blockdev.nvme;

/**
 * Where the host finds the controller's registers (NVMe Base 2.1, "Controller Properties"), in
 * bytes from the start of the register space, and the fields in them.
 *
 * <p>A register of 8 bytes is two of 4: its low half is at its own offset.
 */
public final class Registers {
  /** Controller Capabilities, 8 bytes. */
  public static final int CAP = 0x00;

  /** Version. */
  public static final int VS = 0x08;

  /** Controller Configuration. */
  public static final int CC = 0x14;

  /** Controller Status. */
  public static final int CSTS = 0x1C;

  /** NVM Subsystem Reset. */
  public static final int NSSR = 0x20;

  /** Admin Queue Attributes. */
  public static final int AQA = 0x24;

  /** Admin Submission Queue Base Address, 8 bytes. */
  public static final int ASQ = 0x28;

  /** Admin Completion Queue Base Address, 8 bytes. */
  public static final int ACQ = 0x30;

  /** Where the doorbells start: a tail and a head for each queue id, 4 bytes each. */
  public static final int DOORBELLS = 0x1000;

  public static final int CAP_MAX_QUEUE_ENTRIES = 0xFFFF; // zero-based
  public static final long CAP_CONTIGUOUS_QUEUES = 1L << 16;

  /** AMS: weighted round robin with urgent priority class. */
  public static final long CAP_WEIGHTED_ROUND_ROBIN = 1L << 17;

  public static final int CAP_TIMEOUT_SHIFT = 24;
  public static final long CAP_SUBSYSTEM_RESET = 1L << 36;
  public static final long CAP_NVM_COMMAND_SET = 1L << 37;

  public static final int CC_ENABLE = 1;
  public static final int CC_COMMAND_SET_SHIFT = 4;
  public static final int CC_PAGE_SIZE_SHIFT = 7;
  public static final int CC_ARBITRATION_SHIFT = 11;
  public static final int CC_SHUTDOWN_SHIFT = 14;
  public static final int CC_SHUTDOWN_NORMAL = 1;
  public static final int CC_SHUTDOWN_ABRUPT = 2;
  public static final int CC_SUBMISSION_ENTRY_SHIFT = 16;
  public static final int CC_COMPLETION_ENTRY_SHIFT = 20;

  public static final int CSTS_READY = 1;
  public static final int CSTS_FATAL = 1 << 1;
  public static final int CSTS_SHUTDOWN_MASK = 3 << 2;
  public static final int CSTS_SHUTDOWN_COMPLETE = 2 << 2;
  public static final int CSTS_SUBSYSTEM_RESET = 1 << 4;

  public static final int AQA_COMPLETION_SHIFT = 16;

  /** "NVMe", which resets the subsystem when it is written to {@link #NSSR}. */
  public static final int NSSR_VALUE = 0x4E564D65;

  /** Version 2.1. */
  public static final int VERSION = 2 << 16 | 1 << 8;

  private Registers() {}

  /** The tail doorbell of a submission queue. */
  public static int submissionDoorbell(int queueId) {
    return DOORBELLS + 8 * queueId;
  }

  /** The head doorbell of a completion queue. */
  public static int completionDoorbell(int queueId) {
    return DOORBELLS + 8 * queueId + 4;
  }

  /** CC of a host that wants pages of 4096 bytes, the NVM command set and round robin. */
  public static int enabled() {
    return CC_ENABLE
        | 6 << CC_SUBMISSION_ENTRY_SHIFT // 2^6 = 64 bytes
        | 4 << CC_COMPLETION_ENTRY_SHIFT; // 2^4 = 16 bytes
  }
}
