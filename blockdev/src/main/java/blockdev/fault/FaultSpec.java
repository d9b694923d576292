package blockdev.fault;

/** A fault as people write it: {@code KIND[:key=value,…]}. */
final class FaultSpec {
  private final String spec;
  private long times; // 0 until given

  FaultSpec(String spec) {
    this.spec = spec;
  }

  Fault parse() {
    try {
      int colon = spec.indexOf(':');
      FaultKind kind = FaultKind.named(colon < 0 ? spec : spec.substring(0, colon));
      Fault fault = Fault.of(kind);
      if (colon >= 0) {
        for (String part : spec.substring(colon + 1).split(",", -1)) {
          fault = with(fault, part);
        }
      }
      return times == 0 ? fault : fault.upToTimes(times);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("fault '" + spec + "': " + e.getMessage(), e);
    }
  }

  private Fault with(Fault fault, String part) {
    int equals = part.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("'" + part + "' is not key=value");
    }
    String key = part.substring(0, equals);
    String value = part.substring(equals + 1);
    checkFits(fault.kind(), key);
    return switch (key) {
      case "lba" -> withLbas(fault, value);
      case "nsid" -> fault.inNamespace(smallNumber(key, value));
      case "slot" -> fault.inSlot(smallNumber(key, value));
      case "nth" -> fault.fromMatch(number(key, value));
      case "times" -> {
        times = value.equals("all") ? Fault.ALWAYS : number(key, value);
        yield fault.upToTimes(times);
      }
      case "p" -> fault.withProbability(probability(value));
      case "at" -> fault.atTime(timeNs(value));
      default ->
          throw new IllegalArgumentException(
              "no such key: '" + key + "'; there are lba, nsid, slot, nth, times, p, at");
    };
  }

  private static void checkFits(FaultKind kind, String key) {
    boolean ofSlots = kind.occasion() == FaultKind.Occasion.PROGRAM;
    boolean fits =
        switch (key) {
          case "lba" -> !ofSlots && kind.occasion() != FaultKind.Occasion.FLUSH;
          case "nsid" -> !ofSlots;
          case "slot" -> ofSlots;
          case "at" -> kind == FaultKind.BIT_ROT;
          default -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException("'" + key + "' says nothing about it");
    }
  }

  private static Fault withLbas(Fault fault, String value) {
    int dash = value.indexOf('-');
    if (dash < 0) {
      long lba = number("lba", value);
      return fault.atLbas(lba, lba);
    }
    return fault.atLbas(
        number("lba", value.substring(0, dash)), number("lba", value.substring(dash + 1)));
  }

  private static long number(String key, String value) {
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a number, is '" + value + "'", e);
    }
    throw new IllegalArgumentException(key + " must not be negative, is " + value);
  }

  private static int smallNumber(String key, String value) {
    long number = number(key, value);
    if (number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          key + " must be a number up to " + Integer.MAX_VALUE + ", is " + value);
    }
    return (int) number;
  }

  private static double probability(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("p must be a number, is '" + value + "'", e);
    }
  }

  private static long timeNs(String value) {
    int digits = 0;
    while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
      digits++;
    }
    long unitNs =
        switch (value.substring(digits)) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          default ->
              throw new IllegalArgumentException(
                  "at must be a time in ns, us, ms or s, is '" + value + "'");
        };
    long count = number("at", value.substring(0, digits));
    if (count > Long.MAX_VALUE / unitNs) {
      throw new IllegalArgumentException("at is too far away: " + value);
    }
    return count * unitNs;
  }
}
