package blockdev.nvme.controller;

import blockdev.nvme.CopyRange;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copy: blocks of several source ranges to one destination. Each source is decrypted with a key of
 * its own, and the destination encrypted with another: encryption is changed inside the device.
 *
 * <p>All sources are read before anything is written, so that ranges of one namespace may overlap.
 * A copy that fails has written nothing; dword 0 of its completion then says at which source.
 *
 * <p>It takes the time of writing; that of reading the sources is left out.
 */
final class CopyCommand extends WritingCommand {
  private static final int MAX_RANGE_BYTES = 40;

  private final MemorySegment ranges =
      MemorySegment.ofArray(new byte[NvmLimits.COPY_RANGES * MAX_RANGE_BYTES]);
  private final CommandKey sourceKey;
  private final ProtectionFields sourceProtection = new ProtectionFields();

  CopyCommand(NvmeController controller, Stage stage) {
    super(controller, stage);
    sourceKey = new CommandKey(memory, controller.crypto, controller.keyPerIo);
  }

  @Override
  int check(IoCommand command, Namespace namespace, long at) {
    command.keep(SubmissionEntry.cdw(memory, at, 12));
    int format = rangeFormat(command);
    if (!controller.features().isCopyFormatEnabled(format)) {
      return NvmeStatus.INVALID_FIELD;
    }
    int status = command.checkKeyAndStart(namespace, at);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    if (rangeCount(command) > NvmLimits.COPY_RANGES) {
      return NvmeStatus.COMMAND_SIZE_LIMIT_EXCEEDED;
    }
    if (namespace.format().hasProtection()) {
      command.protection().decode(memory, at);
      status = command.protection().checkReference(command.lba(), true);
      boolean actsOnRead = (protectionOfSources(command) & SubmissionEntry.PROTECTION_ACTION) != 0;
      if (!CopyRange.namesNamespace(format) && actsOnRead != command.protection().isAction()) {
        status = NvmeStatus.INVALID_FIELD;
      }
    }
    if (status == NvmeStatus.SUCCESS) {
      status = namespace.refusal(true);
    }
    if (status == NvmeStatus.SUCCESS) {
      status = command.pages().gather(at, rangeCount(command) * CopyRange.bytes(format));
    }
    return status == NvmeStatus.SUCCESS ? takeRanges(command, namespace) : status;
  }

  private static int rangeCount(IoCommand command) {
    return (int) (command.dwords() & 0xFF) + 1;
  }

  /** The format of the source ranges. */
  private static int rangeFormat(IoCommand command) {
    return (int) (command.dwords() >>> 8 & 0xF);
  }

  /** What to do about protection information of the sources (PRINFOR). */
  private static int protectionOfSources(IoCommand command) {
    return (int) (command.dwords() >>> 12 & 0xF);
  }

  @Override
  int execute(IoCommand command, Namespace namespace) {
    int rangeBytes = CopyRange.bytes(rangeFormat(command));
    int status = takeRanges(command, namespace); // again, for others have used the place since
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    for (int range = 0; range < rangeCount(command); range++) {
      status = checkSource(command, namespace, (long) range * rangeBytes);
      if (status != NvmeStatus.SUCCESS) {
        command.setResult(range);
        return status;
      }
    }
    if (namespace.medium().carriesBytes()) {
      status = move(command, namespace, rangeBytes);
      if (status != NvmeStatus.SUCCESS) {
        return status;
      }
    }
    command.written(namespace);
    return NvmeStatus.SUCCESS;
  }

  /** Takes the ranges from the host, adds them up, and checks lengths and destination. */
  private int takeRanges(IoCommand command, Namespace namespace) {
    int rangeBytes = CopyRange.bytes(rangeFormat(command));
    command.pages().rewind();
    command.pages().take(ranges, 0, rangeCount(command) * rangeBytes);
    int most = NvmLimits.copyBlocks(controller.maxTransferBytes(), namespace.format());
    int sum = 0;
    for (int range = 0; range < rangeCount(command); range++) {
      sum += CopyRange.blocks(ranges, (long) range * rangeBytes);
      if (sum > most) {
        return NvmeStatus.COMMAND_SIZE_LIMIT_EXCEEDED;
      }
    }
    return command.checkDestination(namespace, sum);
  }

  private int checkSource(IoCommand command, Namespace namespace, long at) {
    Namespace source = source(command, namespace, at);
    if (source == null) {
      return NvmeStatus.INVALID_NAMESPACE;
    }
    int keyStatus = takeKey(command, source, at);
    if (keyStatus != NvmeStatus.SUCCESS) {
      return keyStatus;
    }
    long lba = CopyRange.lba(ranges, at);
    int blocks = CopyRange.blocks(ranges, at);
    int rangeStatus = source.checkRange(lba, blocks);
    if (rangeStatus != NvmeStatus.SUCCESS) {
      return rangeStatus;
    }
    int lengthStatus = sourceKey.checkLength((long) blocks << source.blockShift());
    if (lengthStatus != NvmeStatus.SUCCESS) {
      return lengthStatus;
    }
    if (!source.format().withExtended(false).equals(namespace.format().withExtended(false))) {
      return NvmeStatus.INCOMPATIBLE_NAMESPACE_OR_FORMAT;
    }
    if (CopyRange.namesNamespace(rangeFormat(command))
        && source == namespace
        && lba < command.lba() + command.blocks()
        && command.lba() < lba + blocks) {
      return NvmeStatus.OVERLAPPING_IO_RANGE;
    }
    if (source.format().hasProtection()) {
      takeProtection(command, at);
      int protectionStatus = sourceProtection.checkReference(lba, false);
      if (protectionStatus != NvmeStatus.SUCCESS) {
        return protectionStatus;
      }
    }
    int refusal = source.refusal(false);
    int status =
        refusal == NvmeStatus.SUCCESS ? command.checkReadable(source, lba, blocks) : refusal;
    return status == NvmeStatus.SUCCESS ? sourceKey.checkRead(lba, blocks) : status;
  }

  private @Nullable Namespace source(IoCommand command, Namespace namespace, long at) {
    return CopyRange.namesNamespace(rangeFormat(command))
        ? controller.namespace(CopyRange.namespace(ranges, at))
        : namespace;
  }

  private int takeKey(IoCommand command, Namespace source, long at) {
    int extension = CopyRange.commandExtensionType(ranges, at);
    if (extension == SubmissionEntry.CETYPE_INLINE_CRYPTO
        && CopyRange.namesNamespace(rangeFormat(command))) {
      return NvmeStatus.INVALID_FIELD; // the number's place is the namespace's
    }
    return sourceKey.checkSource(
        extension,
        CopyRange.commandExtensionValue(ranges, at),
        source,
        CopyRange.lba(ranges, at),
        CopyRange.blocks(ranges, at),
        CopyRange.dun0(ranges, at),
        source.metadataBytes() == 0 ? CopyRange.dun1(ranges, at) : 0);
  }

  private void takeProtection(IoCommand command, long at) {
    int format = rangeFormat(command);
    sourceProtection.set(
        protectionOfSources(command),
        CopyRange.reference(format, ranges, at),
        CopyRange.applicationTag(format, ranges, at),
        CopyRange.applicationTagMask(format, ranges, at));
  }

  private int move(IoCommand command, Namespace namespace, int rangeBytes) {
    LbaFormat format = namespace.format();
    int done = 0;
    for (int range = 0; range < rangeCount(command); range++) {
      long at = (long) range * rangeBytes;
      Namespace source = Objects.requireNonNull(source(command, namespace, at));
      long lba = CopyRange.lba(ranges, at);
      int blocks = CopyRange.blocks(ranges, at);
      takeKey(command, source, at);
      stage.load(source, lba, blocks, sourceKey, done);
      if (format.hasProtection()) {
        takeProtection(command, at);
        int status = sourceProtection.check(stage, format, done, 0, blocks);
        if (status != NvmeStatus.SUCCESS) {
          command.setResult(range);
          return command.failAt(lba + sourceProtection.badBlock(), status);
        }
      }
      done += blocks;
    }
    if (command.protection().isAction()) {
      command.protection().make(stage, format, 0, done);
    } else {
      int status = command.checkProtection(stage, format, 0, done);
      if (status != NvmeStatus.SUCCESS) {
        return status;
      }
    }
    namespace.beforeWrite(command.lba(), done);
    stage.store(namespace, command.lba(), done, command.key(), 0);
    return NvmeStatus.SUCCESS;
  }
}
