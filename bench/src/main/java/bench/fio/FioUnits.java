package bench.fio;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as fio writes them. */
final class FioUnits {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmgtp]?)(i?b)?");
  private static final String SIZE_UNITS = "kmgtp";
  private static final Pattern TIME =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(us|ms|s|m|h|d)?");
  private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
  private static final Pattern COUNT = Pattern.compile("(\\d{1,15})([kmg]?)");

  private FioUnits() {}

  /** Bytes: {@code k m g t p} are powers of 1024. */
  static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no size, such as 4096, 4k or 1g");
    }
    return scaled(text, matcher, SIZE_UNITS, 1024);
  }

  /** A number of things: {@code k m g} are powers of 1000. */
  static long count(String text) {
    Matcher matcher = COUNT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no number, such as 1000000 or 1m");
    }
    return scaled(text, matcher, "kmg", 1000);
  }

  private static long scaled(String text, Matcher matcher, String units, long base) {
    long scale = 1;
    if (!matcher.group(2).isEmpty()) {
      for (int power = units.indexOf(matcher.group(2)); power >= 0; power--) {
        scale *= base;
      }
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), scale);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large", e);
    }
  }

  /** Nanoseconds; a number without a unit counts {@code plainUnitNs} each. */
  static long ns(String text, long plainUnitNs) {
    Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no time, such as 10s, 500ms or 2m");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    long unitNs =
        switch (unit) {
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> plainUnitNs;
        };
    BigDecimal ns = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNs));
    if (ns.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 4)) > 0) {
      throw new IllegalArgumentException("'" + text + "' is too long");
    }
    return ns.longValue();
  }

  static long whole(String text, long least, long most) {
    long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "'" + text + "' is no number from " + least + " to " + most);
    }
    return number;
  }

  static boolean flag(String text) {
    return switch (text) {
      case "", "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither 0 nor 1");
    };
  }
}
