package blockdev.nvme.controller;

import blockdev.fault.FaultKind.Occasion;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.sim.Transfer;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What one I/O command says, as its entry was when it was fetched: its blocks, its key, where their
 * data lie in host memory. Which of that it has, and what it does with it, is its {@link
 * NvmCommand}'s, which takes it from here.
 */
final class IoCommand {
  private static final long NO_LBA = -1;

  private final NvmeController controller;
  private final NvmCommands nvmCommands;
  private final MemorySegment memory;
  private final DataPages pages;
  private final HostBlocks hostBlocks;
  private final CommandKey key;
  private final ProtectionFields protection = new ProtectionFields();

  private int opcode;
  private int namespaceId;
  private @Nullable NvmCommand command;
  private @Nullable Namespace namespace;
  private long flushPoint;
  private long lba;
  private int blocks;
  private boolean forceUnitAccess;
  private long dwords;
  private int result;
  private long errorLba; // of the block that its error is about, or NO_LBA

  IoCommand(NvmeController controller, NvmCommands nvmCommands) {
    this.controller = controller;
    this.nvmCommands = nvmCommands;
    memory = controller.memory.segment();
    pages = new DataPages(memory, controller.maxTransferBytes());
    hostBlocks = new HostBlocks(memory, pages, controller.maxTransferBytes());
    key = new CommandKey(memory, controller.crypto, controller.keyPerIo);
  }

  /** Takes over the entry at {@code at}. */
  void take(long at) {
    opcode = SubmissionEntry.opcode(memory, at);
    namespaceId = SubmissionEntry.namespace(memory, at);
    command = null;
    namespace = null;
    lba = 0;
    blocks = 0;
    forceUnitAccess = false;
    result = 0;
    errorLba = NO_LBA;
    pages.clear();
    key.clear();
    protection.clear();
  }

  /**
   * Checks the entry at {@code at}, in this order: opcode, flags, namespace, key, range, size,
   * protection information, state of the namespace, memory of the host. The first error found is
   * the status.
   */
  int check(long at, boolean inPair) {
    NvmCommand known = nvmCommands.of(opcode);
    if (known == null) {
      return NvmeStatus.INVALID_OPCODE;
    }
    int flags = SubmissionEntry.flags(memory, at);
    if (flags != 0) {
      if (flags > SubmissionEntry.FUSED_SECOND) {
        return NvmeStatus.INVALID_FIELD;
      }
      if (!inPair) {
        return NvmeStatus.ABORTED_MISSING_FUSED;
      }
    }
    Namespace named = controller.namespace(namespaceId);
    if (named == null) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    command = known;
    namespace = named;
    flushPoint = named.medium().flushPoint();
    return known.check(this, named, at);
  }

  /**
   * Checks a fused pair, whose first this is.
   *
   * @param status of this alone
   * @return what is wrong with both, or Success
   */
  int checkPair(int status, IoCommand second, int secondStatus) {
    if (opcode != SubmissionEntry.COMPARE && status == NvmeStatus.SUCCESS) {
      return NvmeStatus.INVALID_FIELD; // and no effect, whatever is wrong with the other
    }
    if (status != NvmeStatus.SUCCESS || secondStatus != NvmeStatus.SUCCESS) {
      return NvmeStatus.SUCCESS; // their own errors say enough
    }
    if (second.opcode != SubmissionEntry.WRITE
        || namespace != second.namespace
        || lba != second.lba
        || blocks != second.blocks) {
      return NvmeStatus.INVALID_FIELD;
    }
    return blocks > NvmLimits.COMPARE_AND_WRITE_BLOCKS
        ? NvmeStatus.ATOMIC_WRITE_UNIT_EXCEEDED
        : NvmeStatus.SUCCESS;
  }

  /** Takes and checks the range alone. */
  int checkRange(Namespace named, long at) {
    lba = SubmissionEntry.lba(memory, at);
    blocks = SubmissionEntry.blocks(memory, at);
    return named.checkRange(lba, blocks);
  }

  /** Takes and checks key and range. */
  int checkKeyAndRange(Namespace named, long at) {
    forceUnitAccess = SubmissionEntry.isForceUnitAccess(memory, at);
    int keyStatus = key.check(at, named, SubmissionEntry.blocks(memory, at));
    if (keyStatus != NvmeStatus.SUCCESS) {
      return keyStatus;
    }
    int rangeStatus = checkRange(named, at);
    return rangeStatus == NvmeStatus.SUCCESS
        ? key.checkLength((long) blocks << named.blockShift())
        : rangeStatus;
  }

  /** Takes and checks the key, and takes the first block of a range whose length comes later. */
  int checkKeyAndStart(Namespace named, long at) {
    forceUnitAccess = SubmissionEntry.isForceUnitAccess(memory, at);
    lba = SubmissionEntry.lba(memory, at);
    return key.check(at, named, 0);
  }

  /** Takes the length that {@link #checkKeyAndStart} left open, and checks the range. */
  int checkDestination(Namespace named, int length) {
    blocks = length;
    int rangeStatus = named.checkRange(lba, blocks);
    return rangeStatus == NvmeStatus.SUCCESS
        ? key.checkLength((long) blocks << named.blockShift())
        : rangeStatus;
  }

  /** As the other, for the command's own range. */
  int checkReadable(Namespace named) {
    int status = checkReadable(named, lba, blocks);
    return status == NvmeStatus.SUCCESS ? key.checkRead(lba, blocks) : status;
  }

  /**
   * Whether blocks can be read.
   *
   * @return Unrecovered Read Error, or Deallocated or Unwritten Logical Block, if one cannot
   */
  int checkReadable(Namespace named, long first, long count) {
    if (named.isPlain()) {
      return NvmeStatus.SUCCESS;
    }
    long bad = named.firstUncorrectable(first, count);
    if (bad >= 0) {
      return failAt(bad, NvmeStatus.UNRECOVERED_READ_ERROR);
    }
    bad = named.firstUnreadable(first, count);
    return bad >= 0 ? failAt(bad, NvmeStatus.DEALLOCATED_OR_UNWRITTEN_BLOCK) : NvmeStatus.SUCCESS;
  }

  /**
   * Checks the first blocks of {@code stage}, which are number {@code index} of this command, and
   * on.
   */
  int checkProtection(Stage stage, LbaFormat format, int index, int count) {
    if (!format.hasProtection()) {
      return NvmeStatus.SUCCESS;
    }
    int checked = protection.check(stage, format, 0, index, count);
    return checked == NvmeStatus.SUCCESS ? checked : failAt(lba + protection.badBlock(), checked);
  }

  /** Notes that the blocks of the command were written with its key. */
  void written(Namespace named) {
    named.written(lba, blocks);
    key.written(lba, blocks);
  }

  /** Deallocates blocks, which any key then suits. */
  void deallocate(Namespace named, long first, long count) {
    named.deallocate(first, count);
    KeyPerIo keys = controller.keyPerIo;
    if (keys != null) {
      keys.forgotten(named.id(), first, count);
    }
  }

  /** Notes which block an error is about; returns {@code error}. */
  int failAt(long badLba, int error) {
    errorLba = badLba;
    return error;
  }

  /** Goes its way through the device's stations, after it was checked with success. */
  void start(Transfer transfer) {
    NvmCommand known = command;
    Namespace named = namespace;
    assert known != null && named != null;
    known.start(this, named, transfer);
  }

  /**
   * Has its effect, after it was checked with success: as far as faults let it, and durably if it
   * is to be so. Returns the status.
   */
  int execute() {
    NvmCommand known = command;
    Namespace named = namespace;
    assert known != null && named != null;
    DeviceFaults faults = controller.faults();
    int status = faults == null ? perform() : faults.execute(this, named);
    if (status == NvmeStatus.SUCCESS && isThroughCache()) {
      try {
        known.persist(this, named);
      } catch (UncheckedIOException ofMedium) {
        return NvmeStatus.WRITE_FAULT;
      }
    }
    return status;
  }

  /**
   * Has its effect, and returns the status. What medium and cipher throw becomes one too, as a
   * device has nothing else to say it with.
   */
  int perform() {
    NvmCommand known = command;
    Namespace named = namespace;
    assert known != null && named != null;
    try {
      int keyStatus = key.prepare();
      return keyStatus == NvmeStatus.SUCCESS ? known.execute(this, named) : keyStatus;
    } catch (UncheckedIOException ofMedium) {
      return NvmeStatus.WRITE_FAULT;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException ofCipherOrSegment) {
      return NvmeStatus.INTERNAL_ERROR;
    } finally {
      key.release();
    }
  }

  /** Whether what it does is durable when it ends: asked for, or for want of a write cache. */
  boolean isThroughCache() {
    return forceUnitAccess || (changesBlocks() && !controller.writeCache().isOn());
  }

  boolean changesBlocks() {
    NvmCommand known = command;
    return known != null && known.changesBlocks();
  }

  int opcode() {
    return opcode;
  }

  /** What its execution is to faults; null if it is nothing that they happen to. */
  @Nullable Occasion occasion() {
    return switch (opcode) {
      case SubmissionEntry.WRITE, SubmissionEntry.WRITE_ZEROES -> Occasion.WRITE;
      case SubmissionEntry.READ, SubmissionEntry.COMPARE, SubmissionEntry.VERIFY -> Occasion.READ;
      case SubmissionEntry.FLUSH -> Occasion.FLUSH;
      default -> null;
    };
  }

  int namespaceId() {
    return namespaceId;
  }

  /**
   * Keeps dwords of the entry that only the command's {@link NvmCommand} knows to read, for as long
   * as the command is under way.
   */
  void keep(long entryDwords) {
    dwords = entryDwords;
  }

  /** The dwords that were kept. */
  long dwords() {
    return dwords;
  }

  /** First block of the range; 0 where the command has none. */
  long lba() {
    return lba;
  }

  /** Blocks of the range; 0 where the command has none. */
  int blocks() {
    return blocks;
  }

  /** Of data that the command moves if it succeeds, without metadata. */
  long dataBytes() {
    Namespace named = namespace;
    return named == null ? 0 : (long) blocks << named.blockShift();
  }

  /** What was written before the command was fetched, to its namespace's medium. */
  long flushPoint() {
    return flushPoint;
  }

  DataPages pages() {
    return pages;
  }

  /** Where blocks with metadata lie in host memory. */
  HostBlocks hostBlocks() {
    return hostBlocks;
  }

  CommandKey key() {
    return key;
  }

  ProtectionFields protection() {
    return protection;
  }

  /** The block that its error is about, else where its range starts. */
  long badLba() {
    return errorLba == NO_LBA ? lba : errorLba;
  }

  /** Dword 0 of the completion. */
  int result() {
    return result;
  }

  void setResult(int result) {
    this.result = result;
  }
}
