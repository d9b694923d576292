package blockdev.fault;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What can go wrong. */
public enum FaultKind {
  /** A read, compare or verify ends with Unrecovered Read Error. */
  READ_ERROR("read-error", Occasion.READ, false),
  /** A write ends with Write Fault: blocks before the bad one are new, it and the rest are old. */
  WRITE_ERROR("write-error", Occasion.WRITE, false),
  /** A flush ends with Write Fault and makes nothing durable. */
  FLUSH_ERROR("flush-error", Occasion.FLUSH, false),
  /** A bit flips on the medium and stays so: in what is read, or at a time, anywhere. */
  BIT_ROT("bit-rot", Occasion.READ, true),
  /** A write that is acknowledged lands at another address. */
  MISDIRECTED_WRITE("misdirected-write", Occasion.WRITE, true),
  /** A write that is acknowledged lands nowhere. */
  LOST_WRITE("lost-write", Occasion.WRITE, true),
  /** A command never completes; Abort ends it, and so does a controller reset. */
  HANG("hang", Occasion.FETCH, false),
  /** A queue pair posts no completions any more until a controller reset. */
  STUCK_QUEUE("stuck-queue", Occasion.FETCH, false),
  /** A keyslot is not programmed, and the host is told EIO. */
  PROGRAM_ERROR("program-error", Occasion.PROGRAM, false),
  /** Another key than the host's lands in a keyslot, and the host is told that all is well. */
  WRONG_KEY("wrong-key", Occasion.PROGRAM, true);

  /** When a device asks whether something is to go wrong. */
  public enum Occasion {
    /** An I/O command of any kind is taken from its queue. */
    FETCH,
    /** A command that reads the medium is executed. */
    READ,
    /** A command that changes blocks is executed. */
    WRITE,
    FLUSH,
    /** A key is put into a keyslot. */
    PROGRAM
  }

  private final String label;
  private final Occasion occasion;
  private final boolean silent;

  FaultKind(String label, Occasion occasion, boolean silent) {
    this.label = label;
    this.occasion = occasion;
    this.silent = silent;
  }

  /** As it is written in a specification, such as {@code read-error}. */
  public String label() {
    return label;
  }

  public Occasion occasion() {
    return occasion;
  }

  /** Whether the host is told that all is well, so that only the bytes show the fault. */
  public boolean isSilent() {
    return silent;
  }

  /**
   * The kind with this label.
   *
   * @throws IllegalArgumentException if there is none; the message lists all
   */
  public static FaultKind named(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no such fault: '"
                    + label
                    + "'; there are "
                    + Arrays.stream(values())
                        .map(FaultKind::label)
                        .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return label;
  }
}
