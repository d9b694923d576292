package blockdev.nvme.controller;

import blockdev.nvme.NvmeStatus;
import blockdev.sim.Transfer;
import java.lang.foreign.MemorySegment;

/**
 * A command of the NVM command set, as far as it differs from the others. There is one of each for
 * a queue; what one execution needs is in its {@link IoCommand}.
 */
abstract class NvmCommand {
  final NvmeController controller;
  final MemorySegment memory; // of the host

  NvmCommand(NvmeController controller) {
    this.controller = controller;
    memory = controller.memory.segment();
  }

  /** Whether a namespace that must not change refuses it. */
  abstract boolean changesBlocks();

  /**
   * Decodes what the entry at {@code at} in host memory says beside opcode, flags and namespace,
   * and checks it. The first error found is the status. Data of the host are not looked at yet.
   */
  abstract int check(IoCommand command, Namespace namespace, long at);

  /**
   * Checks a command that moves blocks between host and medium.
   *
   * @param mayAct whether the device may make or take away protection information
   */
  final int checkTransfer(IoCommand command, Namespace namespace, long at, boolean mayAct) {
    int status = command.checkKeyAndRange(namespace, at);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    return namespace.metadataBytes() == 0
        ? checkPages(command, namespace, at)
        : checkHostBlocks(command, namespace, at, mayAct);
  }

  /** Where blocks have no metadata, and so lie in pages and nowhere else. */
  private int checkPages(IoCommand command, Namespace namespace, long at) {
    long bytes = (long) command.blocks() << namespace.blockShift();
    if (bytes > controller.maxTransferBytes()) {
      return NvmeStatus.INVALID_FIELD;
    }
    int status = namespace.refusal(changesBlocks());
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    status = command.pages().gather(at, (int) bytes);
    return status == NvmeStatus.SUCCESS ? command.key().checkPages(at, command.pages()) : status;
  }

  private int checkHostBlocks(IoCommand command, Namespace namespace, long at, boolean mayAct) {
    LbaFormat format = namespace.format();
    ProtectionFields protection = command.protection();
    if (format.hasProtection()) {
      protection.decode(memory, at);
    }
    HostBlocks hostBlocks = command.hostBlocks();
    int status = hostBlocks.checkSize(format, command.blocks(), protection.isAction());
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    status = checkProtectionFields(command, mayAct);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    status = namespace.refusal(changesBlocks());
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    return hostBlocks.gather(format, command.blocks(), at);
  }

  /**
   * Checks a command with a range whose blocks do not move between host and medium. If it changes
   * blocks it makes them, and so may act and not check, where there is protection information; else
   * it may check and not act.
   */
  final int checkWithoutTransfer(IoCommand command, Namespace namespace, long at) {
    int status = command.checkKeyAndRange(namespace, at);
    if (status != NvmeStatus.SUCCESS) {
      return status;
    }
    if (namespace.format().hasProtection()) {
      command.protection().decode(memory, at);
      if (changesBlocks() && command.protection().checksAnything()) {
        return NvmeStatus.INVALID_PROTECTION_INFORMATION;
      }
      status = checkProtectionFields(command, changesBlocks());
      if (status != NvmeStatus.SUCCESS) {
        return status;
      }
    }
    return namespace.refusal(changesBlocks());
  }

  private int checkProtectionFields(IoCommand command, boolean mayAct) {
    return !mayAct && command.protection().isAction()
        ? NvmeStatus.INVALID_PROTECTION_INFORMATION
        : command.protection().checkReference(command.lba(), changesBlocks());
  }

  /**
   * Lets it go its way through the device, at whose end it is executed: by default at once, as what
   * moves no data of blocks.
   */
  void start(IoCommand command, Namespace namespace, Transfer transfer) {
    transfer.pass();
  }

  /** Does it, and returns the status. Everything up to here happened without an effect. */
  abstract int execute(IoCommand command, Namespace namespace);

  /** Makes what it did durable, after it was a success; of one that reads, what it read. */
  void persist(IoCommand command, Namespace namespace) {
    if (command.blocks() > 0) {
      namespace.persist(command.lba(), command.blocks());
    }
  }
}
