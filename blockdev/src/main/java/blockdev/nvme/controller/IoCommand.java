package blockdev.nvme.controller;

import blockdev.fault.FaultKind.Occasion;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.sim.EventQueue;
import blockdev.sim.MediaTiming;
import blockdev.sim.Transfer;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One I/O command under way in the device, from fetch to completion: what its entry says, and what
 * became of it. What it does is its {@link NvmCommand}'s.
 *
 * <p>The commands of a fused pair go their ways one after the other, and are executed together.
 */
final class IoCommand extends QueuedCommand {
  /** {@link #errorLba} of an error that has no block. */
  static final long NO_LBA = -1;

  private final NvmeController controller;
  private final MemorySegment memory;
  private final DataPages pages;
  private final CommandKey key;
  private final ProtectionFields protection = new ProtectionFields();
  private final Transfer transfer;

  private int opcode;
  private int namespaceId;
  private int status;
  private long errorLba;
  private @Nullable NvmCommand command;
  private @Nullable Namespace namespace;
  private @Nullable IoCommand second; // of the fused pair whose first this is
  private @Nullable IoCommand first; // of the fused pair whose second this is
  private long flushPoint;
  private long lba;
  private int blocks;
  private boolean forceUnitAccess;
  private boolean deallocates;
  private int ranges;
  private int copyFormat;
  private int sourceProtection;
  private int result;
  private long metadataPointer;
  private int wireMetadataBytes; // of each block

  /**
   * @param events those that serve {@code queue}
   */
  IoCommand(NvmeController controller, SubmissionQueue queue, EventQueue events) {
    super(queue);
    this.controller = controller;
    memory = controller.memory.segment();
    pages = new DataPages(memory, controller.maxTransferBytes());
    key = new CommandKey(memory, controller.crypto, controller.keyPerIo);
    transfer = controller.media().newTransfer(events, this);
  }

  /** Takes over the entry at {@code at}, and checks it. */
  void take(long at) {
    take(at, false);
  }

  /** Takes over the entries of a fused pair, the second in {@code other}, and checks them. */
  void takePair(long at, IoCommand other, long otherAt) {
    take(at, true);
    other.take(otherAt, true);
    second = other;
    other.first = this;
    int pairStatus = checkPair(other);
    refuse(pairStatus);
    other.refuse(pairStatus);
  }

  private int checkPair(IoCommand other) {
    if (opcode != SubmissionEntry.COMPARE && status == NvmeStatus.SUCCESS) {
      return NvmeStatus.INVALID_FIELD; // and no effect, whatever is wrong with the other
    }
    if (status != NvmeStatus.SUCCESS || other.status != NvmeStatus.SUCCESS) {
      return NvmeStatus.SUCCESS; // their own errors say enough
    }
    if (other.opcode != SubmissionEntry.WRITE
        || namespace != other.namespace
        || lba != other.lba
        || blocks != other.blocks) {
      return NvmeStatus.INVALID_FIELD;
    }
    return blocks > NvmLimits.COMPARE_AND_WRITE_BLOCKS
        ? NvmeStatus.ATOMIC_WRITE_UNIT_EXCEEDED
        : NvmeStatus.SUCCESS;
  }

  private void take(long at, boolean inPair) {
    opcode = SubmissionEntry.opcode(memory, at);
    begin(SubmissionEntry.commandId(memory, at));
    namespaceId = SubmissionEntry.namespace(memory, at);
    errorLba = NO_LBA;
    command = null;
    namespace = null;
    first = null;
    second = null;
    lba = 0;
    blocks = 0;
    result = 0;
    forceUnitAccess = false;
    wireMetadataBytes = 0;
    pages.clear();
    key.clear();
    protection.clear();
    status = hasIdConflict() ? NvmeStatus.COMMAND_ID_CONFLICT : check(at, inPair);
  }

  @Override
  public long frontEndNs() {
    MediaTiming timing = controller.timing().media();
    return occasion() == Occasion.READ ? timing.readCommandNs() : timing.writeCommandNs();
  }

  /** Goes its way through the device, at whose end it is executed. */
  @Override
  public void start() {
    Namespace named = namespace;
    NvmCommand known = command;
    if (status != NvmeStatus.SUCCESS || named == null || known == null || !isUnderWay()) {
      transfer.pass();
      return;
    }
    DeviceFaults faults = controller.faults();
    if (faults == null || !faults.hangs(queue, named, lba, blocks)) {
      known.start(this, named, transfer);
      return;
    }
    hang();
    IoCommand other = first == null ? second : first;
    if (other != null) {
      other.hang(); // for it is executed with this one
    }
  }

  /**
   * Decodes the entry and checks it, in this order: opcode, flags, namespace, key, range, size,
   * protection information, state of the namespace, memory of the host. The first error found is
   * the status.
   */
  private int check(long at, boolean inPair) {
    NvmCommand known = queue.commands().of(opcode);
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

  // ---- what commands check

  /** Takes and checks the range alone. */
  int checkRange(Namespace named, long at) {
    lba = SubmissionEntry.lba(memory, at);
    blocks = SubmissionEntry.blocks(memory, at);
    return lba < 0 || lba > named.blocks() - blocks
        ? NvmeStatus.LBA_OUT_OF_RANGE
        : NvmeStatus.SUCCESS;
  }

  private int checkKeyAndRange(Namespace named, long at) {
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
    return lba < 0 || lba > named.blocks() - blocks
        ? NvmeStatus.LBA_OUT_OF_RANGE
        : key.checkLength((long) blocks << named.blockShift());
  }

  /**
   * Checks a command that moves blocks between host and medium.
   *
   * @param mayAct whether the device may make or take away protection information
   */
  int checkTransfer(Namespace named, long at, boolean mayAct) {
    int keyStatus = checkKeyAndRange(named, at);
    if (keyStatus != NvmeStatus.SUCCESS) {
      return keyStatus;
    }
    boolean changes = changesBlocks();
    LbaFormat format = named.format();
    if (named.metadataBytes() == 0) {
      long bytes = (long) blocks << named.blockShift();
      if (bytes > controller.maxTransferBytes()) {
        return NvmeStatus.INVALID_FIELD;
      }
      int refusal = named.refusal(changes);
      if (refusal != NvmeStatus.SUCCESS) {
        return refusal;
      }
      int pagesStatus = gather(at, (int) bytes);
      return pagesStatus == NvmeStatus.SUCCESS ? key.checkPages(at, pages) : pagesStatus;
    }
    if (format.hasProtection()) {
      protection.decode(memory, at);
    }
    wireMetadataBytes = format.wireMetadataBytes(protection.isAction());
    int interleavedBytes = format.isExtended() ? wireMetadataBytes : 0;
    long bytes = (long) blocks * (format.blockBytes() + interleavedBytes);
    if (bytes > controller.maxTransferBytes()) {
      return NvmeStatus.INVALID_FIELD;
    }
    int protectionStatus = checkProtectionFields(mayAct, changes);
    if (protectionStatus != NvmeStatus.SUCCESS) {
      return protectionStatus;
    }
    int refusal = named.refusal(changes);
    if (refusal != NvmeStatus.SUCCESS) {
      return refusal;
    }
    int pagesStatus = gather(at, (int) bytes);
    return pagesStatus == NvmeStatus.SUCCESS && !format.isExtended() && wireMetadataBytes > 0
        ? checkMetadataPointer(at)
        : pagesStatus;
  }

  private int checkProtectionFields(boolean mayAct, boolean makes) {
    return !mayAct && protection.isAction()
        ? NvmeStatus.INVALID_PROTECTION_INFORMATION
        : protection.checkReference(lba, makes);
  }

  private int checkMetadataPointer(long at) {
    metadataPointer = SubmissionEntry.metadataPointer(memory, at);
    if ((metadataPointer & 3) != 0) {
      return NvmeStatus.INVALID_FIELD;
    }
    long bytes = (long) blocks * wireMetadataBytes;
    return DataPages.contains(memory, metadataPointer, bytes)
        ? NvmeStatus.SUCCESS
        : NvmeStatus.DATA_TRANSFER_ERROR;
  }

  /**
   * Checks a command with a range whose blocks do not move between host and medium.
   *
   * @param makes whether it makes blocks, and so may act and not check, where there is protection
   *     information; else it may check and not act
   */
  int checkWithoutTransfer(Namespace named, long at, boolean makes) {
    int keyStatus = checkKeyAndRange(named, at);
    if (keyStatus != NvmeStatus.SUCCESS) {
      return keyStatus;
    }
    if (named.format().hasProtection()) {
      protection.decode(memory, at);
      if (makes && protection.checksAnything()) {
        return NvmeStatus.INVALID_PROTECTION_INFORMATION;
      }
      int protectionStatus = checkProtectionFields(makes, makes);
      if (protectionStatus != NvmeStatus.SUCCESS) {
        return protectionStatus;
      }
    }
    return named.refusal(changesBlocks());
  }

  /** Finds the {@code bytes} of the host that the command at {@code at} moves. */
  int gather(long at, int bytes) {
    return pages.gather(at, bytes);
  }

  // ---- what commands do about blocks

  /** As the other, for the command's own range. */
  int checkReadable(Namespace named) {
    int status = checkReadable(named, lba, blocks);
    return status == NvmeStatus.SUCCESS ? key.checkRead(lba, blocks) : status;
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

  /** Notes which block an error is about; returns {@code error}. */
  int failAt(long badLba, int error) {
    errorLba = badLba;
    return error;
  }

  // ---- execution

  @Override
  int execute() {
    long startDun0 = key.dun0();
    long startDun1 = key.dun1();
    Namespace named = namespace;
    NvmCommand known = command;
    if (status == NvmeStatus.SUCCESS && named != null && known != null) {
      DeviceFaults faults = controller.faults();
      status = faults == null ? execute(named) : faults.execute(this, named);
      if (status == NvmeStatus.SUCCESS && isThroughCache()) {
        status = persist(known, named);
      }
    }
    queue
        .eventLog()
        .add(
            controller.nowNs(),
            opcode,
            commandId(),
            key.slot(),
            startDun0,
            startDun1,
            lba,
            blocks,
            status);
    return status;
  }

  private int persist(NvmCommand known, Namespace named) {
    try {
      known.persist(this, named);
      return NvmeStatus.SUCCESS;
    } catch (UncheckedIOException ofMedium) {
      return NvmeStatus.WRITE_FAULT;
    }
  }

  /** What medium and cipher throw becomes a status, as a device has nothing else to say it with. */
  int execute(Namespace named) {
    NvmCommand known = command;
    assert known != null;
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

  /**
   * Power is lost. What a command that is under way does may be done or not; done, it lies in the
   * volatile cache, which then keeps any of its blocks, even if it was to force them to the medium.
   */
  void losePower(SplittableRandom chance) {
    Namespace named = namespace;
    if (!isUnderWay() || status != NvmeStatus.SUCCESS || named == null || first != null) {
      return;
    }
    IoCommand paired = second;
    if (paired != null) {
      if (paired.status == NvmeStatus.SUCCESS
          && chance.nextBoolean()
          && execute(named) == NvmeStatus.SUCCESS) {
        paired.execute(named);
      }
    } else if (changesBlocks() && chance.nextBoolean()) {
      execute(named);
    }
  }

  private boolean changesBlocks() {
    NvmCommand known = command;
    return known != null && known.changesBlocks();
  }

  // ---- what the command says

  @Override
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

  @Override
  int namespaceId() {
    return namespaceId;
  }

  /** First block of the range; 0 where the command has none. */
  @Override
  long lba() {
    return lba;
  }

  /** Blocks of the range; 0 where the command has none. */
  int blocks() {
    return blocks;
  }

  @Override
  @Nullable IoCommand first() {
    return first;
  }

  @Override
  @Nullable IoCommand second() {
    return second;
  }

  @Override
  void refuse(int status) {
    if (this.status == NvmeStatus.SUCCESS) {
      this.status = status;
    }
  }

  @Override
  long badLba() {
    return errorLba == NO_LBA ? lba : errorLba;
  }

  @Override
  long dataBytes() {
    Namespace named = namespace;
    return named == null ? 0 : (long) blocks << named.blockShift();
  }

  /** The block that its error is about, or {@link #NO_LBA}. */
  long errorLba() {
    return errorLba;
  }

  /** What was written before the command was fetched, to its namespace's medium. */
  long flushPoint() {
    return flushPoint;
  }

  /** Whether what it does is durable when it ends: asked for, or for want of a write cache. */
  boolean isThroughCache() {
    return forceUnitAccess || (changesBlocks() && !controller.isWriteCacheOn());
  }

  DataPages pages() {
    return pages;
  }

  CommandKey key() {
    return key;
  }

  ProtectionFields protection() {
    return protection;
  }

  /** Where separate metadata lies in host memory. */
  long metadataPointer() {
    return metadataPointer;
  }

  /** Bytes of metadata that move between host and device for each block. */
  int wireMetadataBytes() {
    return wireMetadataBytes;
  }

  /** Whether the blocks are to be deallocated, for commands that can do so. */
  boolean deallocates() {
    return deallocates;
  }

  void setDeallocates(boolean deallocates) {
    this.deallocates = deallocates;
  }

  /** How many ranges the command names in its data, for commands that do. */
  int ranges() {
    return ranges;
  }

  void setRanges(int ranges) {
    this.ranges = ranges;
  }

  /** The format of Copy's source ranges. */
  int copyFormat() {
    return copyFormat;
  }

  /** What Copy does about protection information of its sources (PRINFOR). */
  int sourceProtection() {
    return sourceProtection;
  }

  void setCopyFields(int format, int protectionOfSources) {
    copyFormat = format;
    sourceProtection = protectionOfSources;
  }

  @Override
  int result() {
    return result;
  }

  void setResult(int result) {
    this.result = result;
  }
}
