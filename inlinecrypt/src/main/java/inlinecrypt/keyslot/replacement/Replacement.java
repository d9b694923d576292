package inlinecrypt.keyslot.replacement;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The replacement policies, by the names that people use. */
public enum Replacement {
  LRU("lru"),
  FIFO("fifo"),
  CLOCK("clock"),
  LFU("lfu"),
  SIEVE("sieve"),
  S3_FIFO("s3-fifo"),
  TWO_Q("2q"),
  ARC("arc"),
  W_TINY_LFU("w-tinylfu"),
  /** The bound: it alone needs to know the future. */
  BELADY("belady");

  private final String label;

  Replacement(String label) {
    this.label = label;
  }

  /** The name people use. */
  public String label() {
    return label;
  }

  /**
   * The policy of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Replacement named(String label) {
    for (Replacement replacement : values()) {
      if (replacement.label.equals(label)) {
        return replacement;
      }
    }
    throw new IllegalArgumentException(
        "no replacement policy " + label + "; there are " + labels());
  }

  /** All names, with commas between. */
  public static String labels() {
    return Arrays.stream(values()).map(Replacement::label).collect(Collectors.joining(", "));
  }

  /**
   * A new policy for the {@code slotCount} empty slots of one manager.
   *
   * @param future the keys of all requests to come, in their order; only {@link #BELADY} looks at
   *     it, the others take an empty list as well
   */
  public ReplacementPolicy policy(int slotCount, List<CryptoKey> future) {
    return switch (this) {
      case LRU -> new Lru();
      case FIFO -> new Fifo(slotCount);
      case CLOCK -> new Clock(slotCount);
      case LFU -> new Lfu(slotCount);
      case SIEVE -> new Sieve(slotCount);
      case S3_FIFO -> new S3Fifo(slotCount);
      case TWO_Q -> new TwoQ(slotCount);
      case ARC -> new Arc(slotCount);
      case W_TINY_LFU -> new WTinyLfu(slotCount);
      case BELADY -> new Belady(slotCount, future);
    };
  }
}
