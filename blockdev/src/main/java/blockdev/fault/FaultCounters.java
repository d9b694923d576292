package blockdev.fault;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How often each kind of fault has happened. */
public final class FaultCounters {
  private final long[] happened; // by kind

  FaultCounters(long[] happened) {
    this.happened = happened.clone();
  }

  /** Of a device without a plan. */
  public static FaultCounters none() {
    return new FaultCounters(new long[FaultKind.values().length]);
  }

  public long happened(FaultKind kind) {
    return happened[kind.ordinal()];
  }

  public long total() {
    return Arrays.stream(happened).sum();
  }

  /** Those that happened, such as {@code read-error 2, hang 1}. */
  @Override
  public String toString() {
    return Arrays.stream(FaultKind.values())
        .filter(kind -> happened(kind) > 0)
        .map(kind -> kind + " " + happened(kind))
        .collect(Collectors.joining(", "));
  }
}
