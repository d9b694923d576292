package blockdev.nvme;

import blockdev.bio.QueueLimits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The 4096 bytes that Identify returns for the controller (CNS 01h): where the fields are, and what
 * their bits mean. What this device claims is in {@code controller.ControllerIdentity}.
 */
public final class IdentifyController {
  public static final int CNS = 0x01;

  public static final int SERIAL_NUMBER = 4;
  public static final int MODEL_NUMBER = 24;
  public static final int FIRMWARE_REVISION = 64;
  public static final int MDTS = 77;
  public static final int CONTROLLER_ID = 78;
  public static final int VERSION = 80;
  public static final int CTRATT = 96;
  public static final int CONTROLLER_TYPE = 111;
  public static final int OACS = 256;
  public static final int ACL = 258;
  public static final int AERL = 259;
  public static final int FRMW = 260;
  public static final int LPA = 261;
  public static final int ELPE = 262;
  public static final int WCTEMP = 266;
  public static final int CCTEMP = 268;
  public static final int SANICAP = 328;
  public static final int KPIOC = 358;
  public static final int SQES = 512;
  public static final int CQES = 513;
  public static final int NUMBER_OF_NAMESPACES = 516;
  public static final int ONCS = 520;
  public static final int FUSES = 522;
  public static final int FNA = 524;
  public static final int VWC = 525;
  public static final int AWUN = 526;
  public static final int AWUPF = 528;
  public static final int ACWU = 532;
  public static final int OCFS = 534;
  public static final int SUBSYSTEM_NAME = 768;
  public static final int POWER_STATE_0 = 2048;

  public static final int OACS_SECURITY = 1;
  public static final int OACS_FORMAT = 1 << 1;
  public static final int LPA_EFFECTS = 1 << 1;
  public static final int LPA_EXTENDED_DATA = 1 << 2;
  public static final int SANICAP_CRYPTO_ERASE = 1;
  public static final int SANICAP_BLOCK_ERASE = 1 << 1;
  public static final int SANICAP_OVERWRITE = 1 << 2;
  public static final int KPIOC_SUPPORTED = 1;
  public static final int ONCS_COMPARE = 1;
  public static final int ONCS_WRITE_UNCORRECTABLE = 1 << 1;
  public static final int ONCS_DATASET_MANAGEMENT = 1 << 2;
  public static final int ONCS_WRITE_ZEROES = 1 << 3;
  public static final int ONCS_SAVE_AND_SELECT = 1 << 4;
  public static final int ONCS_TIMESTAMP = 1 << 6;
  public static final int ONCS_VERIFY = 1 << 7;
  public static final int ONCS_COPY = 1 << 8;
  public static final int FUSES_COMPARE_AND_WRITE = 1;
  public static final int FNA_CRYPTO_ERASE = 1 << 2;
  public static final int VWC_PRESENT = 1;

  /** Flush does not take the namespace id FFFFFFFFh. */
  public static final int VWC_FLUSH_BY_NAMESPACE = 2 << 1;

  private IdentifyController() {}

  public static boolean hasKeyPerIo(MemorySegment data) {
    return (data.get(ValueLayout.JAVA_BYTE, KPIOC) & KPIOC_SUPPORTED) != 0;
  }

  /** Bytes of the largest transfer. */
  public static int maxTransferBytes(MemorySegment data) {
    return QueueLimits.VIRT_BOUNDARY_BYTES << data.get(ValueLayout.JAVA_BYTE, MDTS);
  }

  /** Whether the controller has an optional command, one of ONCS. */
  public static boolean has(MemorySegment data, int command) {
    return (data.get(SubmissionEntry.SHORT, ONCS) & command) != 0;
  }

  public static int namespaces(MemorySegment data) {
    return data.get(SubmissionEntry.INT, NUMBER_OF_NAMESPACES);
  }

  /** Asynchronous Event Requests that the controller takes at a time, from 1. */
  public static int asyncEventRequests(MemorySegment data) {
    return (data.get(ValueLayout.JAVA_BYTE, AERL) & 0xFF) + 1;
  }

  /** Abort commands that the controller takes at a time, from 1. */
  public static int aborts(MemorySegment data) {
    return (data.get(ValueLayout.JAVA_BYTE, ACL) & 0xFF) + 1;
  }
}
