package blockdev.nvme.controller;

/**
 * A command of the NVM command set, as far as it differs from the others. There is one of each for
 * a queue; what one execution needs is in its {@link IoCommand}.
 */
abstract class NvmCommand {
  /** Whether a namespace that must not change refuses it. */
  abstract boolean changesBlocks();

  /**
   * Decodes what the entry at {@code at} in host memory says beside opcode, flags and namespace,
   * and checks it. The first error found is the status. Data of the host are not looked at yet.
   */
  abstract int check(IoCommand command, Namespace namespace, long at);

  /** Does it, and returns the status. Everything up to here happened without an effect. */
  abstract int execute(IoCommand command, Namespace namespace);

  /** Makes what it did durable, after it was a success; of one that reads, what it read. */
  void persist(IoCommand command, Namespace namespace) {
    if (command.blocks() > 0) {
      namespace.persist(command.lba(), command.blocks());
    }
  }
}
