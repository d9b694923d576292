package bench.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How I/Os are spread over places, most popular first: fio's {@code random_distribution}, for
 * blocks and for keys.
 *
 * <ul>
 *   <li>{@code random} (or {@code uniform}): each place alike
 *   <li>{@code zipf:θ}: place <i>r</i>, from 1, in proportion to 1 / <i>r</i><sup>θ</sup>
 *   <li>{@code pareto:h}: the share <i>h</i> of the places gets the share 1 − <i>h</i> of the I/Os
 *   <li>{@code normal:d}: around the middle, with a standard deviation of <i>d</i> percent of all
 *   <li>{@code zoned:a/s:…}: <i>a</i> percent of the I/Os go to the next <i>s</i> percent of the
 *       places
 *   <li>{@code loop}: each place in turn; for keys only, and ours
 * </ul>
 */
public final class Popularity {
  /** Each place alike. */
  public static final Popularity EVEN = new Popularity(Kind.EVEN, "random", 0, List.of());

  static final String NAMES =
      "random, zipf:THETA, pareto:H, normal:PERCENT, zoned:ACCESS/SIZE[:...] and, for keys, loop";

  private enum Kind {
    EVEN,
    ZIPF,
    PARETO,
    NORMAL,
    ZONED,
    LOOP
  }

  /** Percent of the I/Os to percent of the places. */
  private record Zone(double accessPercent, double sizePercent) {}

  private final Kind kind;
  private final String text;
  private final double parameter;
  private final List<Zone> zones;

  private Popularity(Kind kind, String text, double parameter, List<Zone> zones) {
    this.kind = kind;
    this.text = text;
    this.parameter = parameter;
    this.zones = zones;
  }

  /**
   * Reads one of the forms above.
   *
   * @throws IllegalArgumentException if it is none, or its number is out of range
   */
  public static Popularity of(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    return switch (name) {
      case "random", "uniform" -> plain(Kind.EVEN, text, value);
      case "loop" -> plain(Kind.LOOP, text, value);
      case "zipf" -> new Popularity(Kind.ZIPF, text, number(text, value, 0, 100), List.of());
      case "pareto" -> new Popularity(Kind.PARETO, text, number(text, value, 0, 1), List.of());
      case "normal" -> new Popularity(Kind.NORMAL, text, number(text, value, 0, 100), List.of());
      case "zoned" -> new Popularity(Kind.ZONED, text, 0, zones(text, value));
      default ->
          throw new IllegalArgumentException(
              "unknown distribution '" + text + "'; there are " + NAMES);
    };
  }

  private static Popularity plain(Kind kind, String text, String value) {
    if (!value.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' takes no number");
    }
    return new Popularity(kind, text, 0, List.of());
  }

  private static double number(String text, String value, double above, double below) {
    double number;
    try {
      number = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' needs a number after the colon", e);
    }
    if (!(number > above && number < below)) {
      throw new IllegalArgumentException(
          "the number in '"
              + text
              + "' must be above "
              + (int) above
              + " and below "
              + (int) below);
    }
    return number;
  }

  private static List<Zone> zones(String text, String value) {
    List<Zone> zones = new ArrayList<>();
    double access = 0;
    double size = 0;
    for (String part : value.split(":", -1)) {
      String[] pair = part.split("/", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException("'" + text + "' needs pairs ACCESS/SIZE of percent");
      }
      Zone zone = new Zone(number(text, pair[0], -1, 101), number(text, pair[1], 0, 101));
      zones.add(zone);
      access += zone.accessPercent();
      size += zone.sizePercent();
    }
    if (Math.abs(access - 100) > 1e-6 || Math.abs(size - 100) > 1e-6) {
      throw new IllegalArgumentException("both sums of percent in '" + text + "' must be 100");
    }
    return zones;
  }

  /** Whether places come in turn and not by chance. */
  public boolean isLoop() {
    return kind == Kind.LOOP;
  }

  /** Whether popular places are next to each other; else they should be scattered. */
  boolean isInPlace() {
    return kind != Kind.ZIPF && kind != Kind.PARETO;
  }

  /** What draws from so many places. */
  RankSampler sampler(long places) {
    return switch (kind) {
      case EVEN, LOOP -> RankSampler.even(places);
      case ZIPF -> RankSampler.falling(places, (first, end) -> zipf(parameter, first, end));
      case PARETO -> RankSampler.falling(places, (first, end) -> pareto(places, first, end));
      case NORMAL -> RankSampler.level(places, (first, end) -> normal(places, first, end));
      case ZONED -> zoned(places);
    };
  }

  /** The sum over a bin; of a long bin the integral, which is as good. */
  private static double zipf(double theta, long first, long end) {
    if (end - first == 1) {
      return StrictMath.pow(end, -theta);
    }
    double low = first + 0.5;
    double high = end + 0.5;
    return theta == 1
        ? StrictMath.log(high / low)
        : (StrictMath.pow(high, 1 - theta) - StrictMath.pow(low, 1 - theta)) / (1 - theta);
  }

  private double pareto(long places, long first, long end) {
    double exponent = StrictMath.log(1 - parameter) / StrictMath.log(parameter);
    return StrictMath.pow((double) end / places, exponent)
        - StrictMath.pow((double) first / places, exponent);
  }

  private double normal(long places, long first, long end) {
    double deviation = places * parameter / 100;
    double distance = ((first + end) / 2.0 - places / 2.0) / deviation;
    return StrictMath.exp(-distance * distance / 2) * (end - first);
  }

  private RankSampler zoned(long places) {
    long[] starts = new long[zones.size() + 1];
    double[] accessPercents = new double[zones.size()];
    int bins = 0;
    double sizePercent = 0;
    for (Zone zone : zones) {
      sizePercent += zone.sizePercent();
      long end = Math.min(places, Math.round(places * sizePercent / 100));
      accessPercents[bins] += zone.accessPercent(); // of a zone too small for a place, the next has
      if (end > starts[bins]) {
        starts[++bins] = end;
      }
    }
    long[] used = Arrays.copyOf(starts, bins + 1);
    used[bins] = places;
    return RankSampler.of(used, (first, end) -> accessPercents[Arrays.binarySearch(used, first)]);
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
