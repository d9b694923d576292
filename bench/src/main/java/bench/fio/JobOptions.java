package bench.fio;

import bench.workload.BlockSizes;
import bench.workload.Job;
import bench.workload.Popularity;
import bench.workload.ReadWrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one job by their fio names, as text, and the job that they make. Ours begin with
 * {@code ic_}, so that a real fio refuses them.
 */
public final class JobOptions {
  /** All that a job file may say, in the order of the reference. */
  public static final List<String> NAMES =
      List.of(
          "rw",
          "bs",
          "bssplit",
          "size",
          "offset",
          "io_size",
          "number_ios",
          "iodepth",
          "numjobs",
          "rwmixread",
          "random_distribution",
          "randseed",
          "runtime",
          "time_based",
          "ramp_time",
          "fsync",
          "rate_iops",
          "thinktime",
          "stonewall",
          "group_reporting",
          "percentile_list",
          "ic_keys",
          "ic_key_dist");

  private static final List<Double> PERCENTILES =
      List.of(
          1.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 99.0, 99.5, 99.9,
          99.95, 99.99);

  private static final int MAX_PERCENTILES = 20; // fio's FIO_IO_U_LIST_MAX_LEN
  private static final long MAX_DEVICE_BYTES = 1L << 50;
  private static final long MICROSECOND_NS = 1_000;
  private static final long SECOND_NS = 1_000_000_000;

  /** Where an option was given, for messages: {@code " in [phone] line 7"}, or nothing. */
  private record Value(String text, String where) {}

  private final Map<String, Value> values = new LinkedHashMap<>();

  /** What says nothing. */
  public JobOptions() {}

  /** What begins with all that {@code defaults} says. */
  JobOptions(JobOptions defaults) {
    values.putAll(defaults.values);
  }

  /**
   * Sets an option, whatever it was.
   *
   * @param where ends a message about it
   * @throws IllegalArgumentException if there is no such option
   */
  public void set(String name, String value, String where) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "unknown or unsupported option "
              + name
              + where
              + "; supported are "
              + String.join(", ", NAMES));
    }
    values.put(name, new Value(value, where));
  }

  /**
   * The job of these options.
   *
   * @throws IllegalArgumentException if a value is no value of its option, or they do not go
   *     together
   */
  public Job job(String name) {
    return job(name, 0);
  }

  /**
   * As {@link #job(String)}, with so many I/Os in all, of all clones together; 0 for what {@code
   * number_ios} says, which is for each clone.
   */
  public Job job(String name, long totalIos) {
    long sizeBytes = parsed("size", "1g", text -> within(FioUnits.bytes(text)));
    int clones = (int) whole("numjobs", "1", 1, Job.MAX_CLONES);
    long runtimeNs = parsed("runtime", "0", text -> FioUnits.ns(text, SECOND_NS));
    boolean timeBased = parsed("time_based", "0", FioUnits::flag);
    if (timeBased && runtimeNs == 0) {
      throw new IllegalArgumentException("time_based needs a runtime" + where("time_based"));
    }
    long ios =
        totalIos == 0 ? multiply(parsed("number_ios", "0", FioUnits::count), clones) : totalIos;
    long ioBytes = parsed("io_size", "0", FioUnits::bytes);
    if (ioBytes == 0) {
      ioBytes = ios == 0 ? sizeBytes : Long.MAX_VALUE;
    }
    return new Job(
        name,
        parsed("rw", "read", ReadWrite::named),
        blockSizes(),
        parsed("offset", "0", text -> within(FioUnits.bytes(text))),
        sizeBytes,
        ioBytes,
        ios,
        (int) whole("iodepth", "1", 1, Job.MAX_DEPTH),
        clones,
        (int) whole("rwmixread", "50", 0, 100),
        parsed("random_distribution", "random", JobOptions::blockPopularity),
        whole("randseed", "1", 0, Long.MAX_VALUE),
        runtimeNs,
        timeBased,
        parsed("ramp_time", "0", text -> FioUnits.ns(text, SECOND_NS)),
        (int) whole("fsync", "0", 0, Integer.MAX_VALUE),
        (int) whole("rate_iops", "0", 0, SECOND_NS),
        parsed("thinktime", "0", text -> FioUnits.ns(text, MICROSECOND_NS)),
        parsed("stonewall", "0", FioUnits::flag),
        parsed("group_reporting", "0", FioUnits::flag),
        parsed("percentile_list", "", JobOptions::percentiles),
        (int) whole("ic_keys", "1", 0, Job.MAX_KEYS),
        keyPopularity(),
        texts());
  }

  private BlockSizes blockSizes() {
    if (values.containsKey("bs") && values.containsKey("bssplit")) {
      throw new IllegalArgumentException("bs and bssplit cannot both be given" + where("bssplit"));
    }
    return values.containsKey("bssplit")
        ? parsed("bssplit", "", JobOptions::split)
        : parsed("bs", "4k", text -> BlockSizes.all(blockBytes(text)));
  }

  private static int blockBytes(String text) {
    long bytes = FioUnits.bytes(text);
    if (bytes > BlockSizes.MAX_BYTES) {
      throw new IllegalArgumentException("a block size is at most 1 MiB, not " + text);
    }
    return (int) bytes;
  }

  /** {@code 4k/60:16k/40}; sizes without a share have what is left in equal parts. */
  private static BlockSizes split(String text) {
    List<Integer> sizes = new ArrayList<>();
    List<Integer> percents = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    int sum = 0;
    for (String part : text.split(":", -1)) {
      String[] pair = part.split("/", -1);
      sizes.add(blockBytes(pair[0]));
      if (pair.length == 1 || pair[1].isEmpty()) {
        open.add(percents.size());
        percents.add(0);
      } else {
        percents.add((int) FioUnits.whole(pair[1], 0, 100));
        sum += percents.getLast();
      }
    }
    for (int index = 0; index < open.size() && sum < 100; index++) {
      int share = (100 - sum) / (open.size() - index);
      percents.set(open.get(index), share);
      sum += share;
    }
    return new BlockSizes(sizes, percents);
  }

  private static Popularity blockPopularity(String text) {
    Popularity popularity = Popularity.of(text);
    if (popularity.isLoop()) {
      throw new IllegalArgumentException("loop is for keys; blocks in turn are a sequential rw");
    }
    return popularity;
  }

  private @Nullable Popularity keyPopularity() {
    return values.containsKey("ic_key_dist") ? parsed("ic_key_dist", "", Popularity::of) : null;
  }

  private static List<Double> percentiles(String text) {
    if (text.isEmpty()) {
      return PERCENTILES;
    }
    List<Double> percentiles = new ArrayList<>();
    for (String part : text.split(":", -1)) {
      double percentile;
      try {
        percentile = Double.parseDouble(part);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + part + "' is no percentile", e);
      }
      if (!(percentile > 0 && percentile <= 100)) {
        throw new IllegalArgumentException("a percentile is above 0 and up to 100, not " + part);
      }
      percentiles.add(percentile);
    }
    if (percentiles.size() > MAX_PERCENTILES) {
      throw new IllegalArgumentException("there are at most " + MAX_PERCENTILES + " percentiles");
    }
    return percentiles;
  }

  private static long within(long bytes) {
    if (bytes > MAX_DEVICE_BYTES) {
      throw new IllegalArgumentException("a device has at most 1024 TiB");
    }
    return bytes;
  }

  private static long multiply(long ios, int clones) {
    try {
      return Math.multiplyExact(ios, (long) clones);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("number_ios is too large: " + ios, e);
    }
  }

  private long whole(String name, String otherwise, long least, long most) {
    return parsed(name, otherwise, text -> FioUnits.whole(text, least, most));
  }

  private interface Parser<T> {
    T parse(String text);
  }

  private <T> T parsed(String name, String otherwise, Parser<T> parser) {
    Value value = values.get(name);
    try {
      return parser.parse(value == null ? otherwise : value.text());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(name + where(name) + ": " + wrong.getMessage(), wrong);
    }
  }

  private String where(String name) {
    Value value = values.get(name);
    return value == null ? "" : value.where();
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }
}
