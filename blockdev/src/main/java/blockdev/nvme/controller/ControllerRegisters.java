package blockdev.nvme.controller;

import blockdev.memory.HostMemory;
import blockdev.nvme.Registers;

/**
 * The registers below the doorbells, and what writing them does (NVMe Base 2.1, "Controller
 * Properties"): enabling, resetting and shutting down.
 */
final class ControllerRegisters {
  private static final int READY_TIMEOUT = 1; // of 500 ms, though it is ready at once
  private static final int WEIGHTED = 1; // AMS
  private static final int MIN_QUEUE_ENTRIES = 2;

  private final NvmeController controller;
  private int configuration;
  private int status;
  private int adminQueueAttributes;
  private long adminSubmissionBase;
  private long adminCompletionBase;

  ControllerRegisters(NvmeController controller) {
    this.controller = controller;
  }

  /** The register at {@code offset}; 0 for one that is not there. */
  int read(int offset) {
    return switch (offset) {
      case Registers.CAP -> (int) capabilities();
      case Registers.CAP + 4 -> (int) (capabilities() >>> Integer.SIZE);
      case Registers.VS -> Registers.VERSION;
      case Registers.CC -> configuration;
      case Registers.CSTS -> status;
      case Registers.AQA -> adminQueueAttributes;
      case Registers.ASQ -> (int) adminSubmissionBase;
      case Registers.ASQ + 4 -> (int) (adminSubmissionBase >>> Integer.SIZE);
      case Registers.ACQ -> (int) adminCompletionBase;
      case Registers.ACQ + 4 -> (int) (adminCompletionBase >>> Integer.SIZE);
      default -> 0;
    };
  }

  private static long capabilities() {
    return NvmeController.MAX_QUEUE_ENTRIES - 1
        | Registers.CAP_CONTIGUOUS_QUEUES
        | Registers.CAP_WEIGHTED_ROUND_ROBIN
        | READY_TIMEOUT << Registers.CAP_TIMEOUT_SHIFT
        | Registers.CAP_SUBSYSTEM_RESET
        | Registers.CAP_NVM_COMMAND_SET;
  }

  /** Writes the register at {@code offset}; ignored if there is none, or it is read only. */
  void write(int offset, int value) {
    switch (offset) {
      case Registers.CC -> configure(value);
      case Registers.CSTS -> status &= ~(value & Registers.CSTS_SUBSYSTEM_RESET);
      case Registers.NSSR -> resetSubsystem(value);
      case Registers.AQA -> adminQueueAttributes = value;
      case Registers.ASQ -> adminSubmissionBase = withLow(adminSubmissionBase, value);
      case Registers.ASQ + 4 -> adminSubmissionBase = withHigh(adminSubmissionBase, value);
      case Registers.ACQ -> adminCompletionBase = withLow(adminCompletionBase, value);
      case Registers.ACQ + 4 -> adminCompletionBase = withHigh(adminCompletionBase, value);
      default -> {}
    }
  }

  private static long withLow(long base, int low) {
    return base & ~0xFFFF_FFFFL | low & 0xFFFF_FFFFL;
  }

  private static long withHigh(long base, int high) {
    return base & 0xFFFF_FFFFL | (long) high << Integer.SIZE;
  }

  private void configure(int value) {
    boolean wasEnabled = (configuration & Registers.CC_ENABLE) != 0;
    boolean enabled = (value & Registers.CC_ENABLE) != 0;
    int shutdown = shutdownOf(value);
    boolean shutdownAsked = shutdown != 0 && shutdown != shutdownOf(configuration);
    configuration = value;
    if (wasEnabled && !enabled) {
      reset();
    } else if (!wasEnabled && enabled) {
      enable();
    }
    if (shutdownAsked) {
      controller.shutDown(shutdown == Registers.CC_SHUTDOWN_NORMAL);
      status = status & ~Registers.CSTS_SHUTDOWN_MASK | Registers.CSTS_SHUTDOWN_COMPLETE;
    }
  }

  private static int shutdownOf(int configuration) {
    return configuration >>> Registers.CC_SHUTDOWN_SHIFT & 3;
  }

  private void enable() {
    int submissionEntries = (adminQueueAttributes & 0xFFF) + 1;
    int completionEntries = (adminQueueAttributes >>> Registers.AQA_COMPLETION_SHIFT & 0xFFF) + 1;
    if (isConfigurationValid()
        && submissionEntries >= MIN_QUEUE_ENTRIES
        && completionEntries >= MIN_QUEUE_ENTRIES
        && controller.start(
            adminSubmissionBase, submissionEntries, adminCompletionBase, completionEntries)) {
      status |= Registers.CSTS_READY;
    } else {
      status |= Registers.CSTS_FATAL;
    }
  }

  /** Pages of 4096 bytes, the NVM command set, a known arbitration, entries of 64 and 16 bytes. */
  private boolean isConfigurationValid() {
    return field(Registers.CC_PAGE_SIZE_SHIFT, 4) == 0
        && field(Registers.CC_COMMAND_SET_SHIFT, 3) == 0
        && field(Registers.CC_ARBITRATION_SHIFT, 3) <= WEIGHTED
        && field(Registers.CC_SUBMISSION_ENTRY_SHIFT, 4) == 6
        && field(Registers.CC_COMPLETION_ENTRY_SHIFT, 4) == 4
        && ((adminSubmissionBase | adminCompletionBase) & (HostMemory.PAGE_BYTES - 1)) == 0;
  }

  private int field(int shift, int bits) {
    return configuration >>> shift & (1 << bits) - 1;
  }

  /** Queue attributes and addresses stay. */
  private void reset() {
    controller.reset();
    status &= Registers.CSTS_SUBSYSTEM_RESET;
  }

  private void resetSubsystem(int value) {
    if (value == Registers.NSSR_VALUE) {
      powerOn();
      controller.reset();
      status = Registers.CSTS_SUBSYSTEM_RESET;
    }
  }

  /** All registers as they are when power comes. */
  void powerOn() {
    configuration = 0;
    status = 0;
    adminQueueAttributes = 0;
    adminSubmissionBase = 0;
    adminCompletionBase = 0;
  }

  /** Whether queues are served by weight, and not in turn. */
  boolean isWeighted() {
    return field(Registers.CC_ARBITRATION_SHIFT, 3) == WEIGHTED;
  }

  boolean isShutDown() {
    return (status & Registers.CSTS_SHUTDOWN_MASK) == Registers.CSTS_SHUTDOWN_COMPLETE;
  }
}
