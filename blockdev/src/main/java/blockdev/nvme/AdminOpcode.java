package blockdev.nvme;

/** Opcodes of the admin queue (NVMe Base 2.1, "Opcodes for Admin Commands"). */
public final class AdminOpcode {
  public static final int DELETE_SUBMISSION_QUEUE = 0x00;
  public static final int CREATE_SUBMISSION_QUEUE = 0x01;
  public static final int GET_LOG_PAGE = 0x02;
  public static final int DELETE_COMPLETION_QUEUE = 0x04;
  public static final int CREATE_COMPLETION_QUEUE = 0x05;
  public static final int IDENTIFY = 0x06;
  public static final int ABORT = 0x08;
  public static final int SET_FEATURES = 0x09;
  public static final int GET_FEATURES = 0x0A;
  public static final int ASYNC_EVENT_REQUEST = 0x0C;
  public static final int KEEP_ALIVE = 0x18;
  public static final int FORMAT_NVM = 0x80;
  public static final int SECURITY_SEND = 0x81;
  public static final int SECURITY_RECEIVE = 0x82;
  public static final int SANITIZE = 0x84;

  /** PC, in CDW11 of the commands that create queues. */
  public static final int CONTIGUOUS = 1;

  /** IEN, in CDW11 of Create I/O Completion Queue. */
  public static final int INTERRUPTS_ENABLED = 2;

  private AdminOpcode() {}
}
