package blockdev.preset;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a figure counts. */
public enum Unit {
  COUNT(""),
  BITS("bits"),
  BYTES("bytes"),
  /** A sum of powers of two, each a size in bytes. */
  BYTE_SIZES("bytes"),
  NANOSECONDS("ns"),
  BYTES_PER_SECOND("bytes/s"),
  IO_PER_SECOND("1/s");

  private static final long NS_PER_US = 1000;
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_S = 1_000_000_000;
  private static final long BYTES_PER_MB = 1_000_000;

  private final String label;

  Unit(String label) {
    this.label = label;
  }

  /** The unit that values are in, empty for a count. */
  public String label() {
    return label;
  }

  /** The value for people, with a unit of a handy size. */
  public String text(long value) {
    return switch (this) {
      case NANOSECONDS -> time(value);
      case BYTE_SIZES -> sizes(value) + " bytes";
      case BYTES_PER_SECOND -> value / BYTES_PER_MB + " MB/s";
      case IO_PER_SECOND -> value + " per s";
      default -> label.isEmpty() ? Long.toString(value) : value + " " + label;
    };
  }

  private static String time(long ns) {
    if (ns >= NS_PER_S && ns % NS_PER_S == 0) {
      return ns / NS_PER_S + " s";
    }
    if (ns >= NS_PER_MS && ns % NS_PER_MS == 0) {
      return ns / NS_PER_MS + " ms";
    }
    return ns % NS_PER_US == 0
        ? ns / NS_PER_US + " us"
        : String.format(Locale.ROOT, "%.2f us", (double) ns / NS_PER_US);
  }

  private static String sizes(long mask) {
    long least = Long.lowestOneBit(mask);
    long most = Long.highestOneBit(mask);
    if (Long.bitCount(mask) > 2 && mask == 2 * most - least) {
      return least + " to " + most;
    }
    return IntStream.range(0, Long.SIZE - 1)
        .filter(bit -> (mask >>> bit & 1) != 0)
        .mapToObj(bit -> Long.toString(1L << bit))
        .collect(Collectors.joining(" "));
  }
}
