package bench.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes: digits, and K, M, G or T for powers of 1024. */
final class ByteCount implements ITypeConverter<Long> {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,15})([KMGT]?)(i?B)?");
  private static final String UNITS = "KMGT";

  @Override
  public Long convert(String text) {
    Matcher matcher = FORMAT.matcher(text.toUpperCase(Locale.ROOT).replace("IB", "iB"));
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no number of bytes, such as 65536, 64M or 2G");
    }
    int power = matcher.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(matcher.group(2));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << 10 * power);
    } catch (ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is more bytes than there can be");
    }
  }
}
