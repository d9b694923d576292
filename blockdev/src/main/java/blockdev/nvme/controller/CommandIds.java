package blockdev.nvme.controller;

/**
 * Which command identifiers of a submission queue are in use: those of commands that were fetched
 * and have not completed. A command whose identifier is in use ends with Command ID Conflict, and
 * leaves it to the other.
 */
final class CommandIds {
  private static final int COUNT = 1 << 16;

  private final long[] inUse = new long[COUNT / Long.SIZE]; // a bit for each

  /** Takes an identifier for a command; false if another one has it. */
  boolean claim(int id) {
    long bit = 1L << id;
    int word = id >>> 6;
    boolean free = (inUse[word] & bit) == 0;
    inUse[word] |= bit;
    return free;
  }

  /** The command that has the identifier has completed. */
  void free(int id) {
    inUse[id >>> 6] &= ~(1L << id);
  }
}
