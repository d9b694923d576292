package blockdev.nvme.controller;

import static blockdev.nvme.IdentifyController.*;

import blockdev.nvme.Identify;
import blockdev.nvme.InlineCryptoIdentity;
import blockdev.nvme.Registers;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** What the controller says of itself: each of its claims stands here, and in one place. */
final class ControllerIdentity {
  static final String SERIAL = "SIM0";
  static final String MODEL = "inlinecrypt simulated device";
  static final String FIRMWARE = "1";
  static final String SUBSYSTEM = "nqn.2026-01.example.inlinecrypt:sim0";

  /** Commands of a kind that the controller takes at a time. */
  static final int ABORTS = 4;

  static final int ASYNC_EVENT_REQUESTS = 4;
  static final int ERROR_LOG_ENTRIES = 64;

  static final int WARNING_TEMPERATURE_KELVIN = 343;
  static final int CRITICAL_TEMPERATURE_KELVIN = 353;

  private static final int ADMIN_COMMANDS = OACS_SECURITY | OACS_FORMAT;
  private static final int IO_COMMANDS =
      NvmLimits.OPTIONAL_COMMANDS | ONCS_SAVE_AND_SELECT | ONCS_TIMESTAMP;
  private static final int FUSED_COMMANDS = NvmLimits.FUSED_OPERATIONS;
  private static final int SANITIZES =
      SANICAP_CRYPTO_ERASE | SANICAP_BLOCK_ERASE | SANICAP_OVERWRITE;
  private static final int LOG_PAGES = LPA_EFFECTS | LPA_EXTENDED_DATA;

  private ControllerIdentity() {}

  /** Fills Identify Controller. */
  static void put(MemorySegment data, NvmeController controller) {
    data.fill((byte) 0);
    putText(data, SERIAL_NUMBER, 20, SERIAL);
    putText(data, MODEL_NUMBER, 40, MODEL);
    putText(data, FIRMWARE_REVISION, 8, FIRMWARE);
    putByte(data, MDTS, Integer.numberOfTrailingZeros(NvmeController.MAX_TRANSFER_PAGES));
    data.set(SubmissionEntry.INT, VERSION, Registers.VERSION);
    putByte(data, CONTROLLER_TYPE, 1); // I/O
    putShort(data, OACS, ADMIN_COMMANDS);
    putByte(data, ACL, ABORTS - 1);
    putByte(data, AERL, ASYNC_EVENT_REQUESTS - 1);
    putByte(data, FRMW, 1 << 1 | 1); // one slot, read only
    putByte(data, LPA, LOG_PAGES);
    putByte(data, ELPE, ERROR_LOG_ENTRIES - 1);
    putShort(data, WCTEMP, WARNING_TEMPERATURE_KELVIN);
    putShort(data, CCTEMP, CRITICAL_TEMPERATURE_KELVIN);
    boolean keyPerIo = controller.keyPerIo != null; // whose owner cannot sanitize
    data.set(SubmissionEntry.INT, SANICAP, keyPerIo ? 0 : SANITIZES);
    putByte(data, KPIOC, keyPerIo ? KPIOC_SUPPORTED : 0);
    putByte(data, SQES, 0x66); // 2^6 = 64
    putByte(data, CQES, 0x44); // 2^4 = 16
    data.set(SubmissionEntry.INT, NUMBER_OF_NAMESPACES, controller.namespaceCount());
    boolean compares = NvmLimits.compares(controller.namespaces());
    putShort(data, ONCS, compares ? IO_COMMANDS : IO_COMMANDS & ~ONCS_COMPARE);
    putShort(data, FUSES, compares ? FUSED_COMMANDS : 0);
    putShort(data, ACWU, NvmLimits.COMPARE_AND_WRITE_BLOCKS - 1);
    putShort(data, OCFS, NvmLimits.COPY_FORMATS);
    putByte(data, FNA, FNA_CRYPTO_ERASE);
    putByte(data, VWC, VWC_PRESENT | VWC_FLUSH_BY_NAMESPACE);
    byte[] subsystem = SUBSYSTEM.getBytes(StandardCharsets.UTF_8);
    MemorySegment.copy(subsystem, 0, data, ValueLayout.JAVA_BYTE, SUBSYSTEM_NAME, subsystem.length);
    putShort(data, POWER_STATE_0, 500); // MP, 5 W
    InlineCryptoIdentity.put(data, controller.crypto.profile());
  }

  /**
   * Fills the limits of the NVM command set (CNS 06h): zeroes, which are "no limit", or no such
   * command.
   */
  static void putNvmLimits(MemorySegment data) {
    data.fill((byte) 0);
  }

  /** Fills the vectors of supported command sets (CNS 1Ch): the NVM command set alone. */
  static void putCommandSets(MemorySegment data) {
    data.fill((byte) 0);
    data.set(SubmissionEntry.LONG, 0, 1L << Identify.NVM_COMMAND_SET);
  }

  private static void putByte(MemorySegment data, int at, int value) {
    data.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  private static void putShort(MemorySegment data, int at, int value) {
    data.set(SubmissionEntry.SHORT, at, (short) value);
  }

  static void putText(MemorySegment data, long at, int length, String text) {
    byte[] ascii = String.format("%-" + length + "s", text).getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(ascii, 0, data, ValueLayout.JAVA_BYTE, at, length);
  }
}
