package bench.fio;

import bench.workload.DirectionStats;
import bench.workload.IoDirection;
import bench.workload.Job;
import bench.workload.JobStats;
import bench.workload.KeyslotUse;
import bench.workload.LatencyStats;
import bench.workload.PowerCutResult;
import bench.workload.Recovery;
import bench.workload.RunSpeed;
import bench.workload.VerifyResult;
import blockdev.fault.FaultCounters;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * A report in lines like those of fio, with the keyslots of each group and the simulation below.
 */
public final class FioText {
  private static final int PERCENTILES_PER_LINE = 4;
  private static final String[] DEPTHS = {"1", "2", "4", "8", "16", "32", ">=64"};

  private final FioReport report;
  private final StringBuilder text = new StringBuilder();

  private FioText(FioReport report) {
    this.report = report;
  }

  /** All lines, each with its line end. */
  public static String of(FioReport report) {
    FioText text = new FioText(report);
    text.addAll();
    return text.text.toString();
  }

  private void addAll() {
    List<JobStats> jobs = report.result().jobs();
    for (int index = 0; index < jobs.size(); index++) {
      if (index == 0 || jobs.get(index - 1).job() != jobs.get(index).job()) {
        addHeader(jobs.get(index));
      }
    }
    add("inlinecrypt-%s%n", report.version());
    jobs.forEach(this::addJob);
    int groups = jobs.getLast().groupId() + 1;
    for (int groupId = 0; groupId < groups; groupId++) {
      addGroup(groupId);
    }
    addSimulation(report.result().speed());
    FaultCounters faults = report.result().faults();
    if (faults.total() > 0) {
      add("faults: %s%n", faults);
    }
    Recovery recovery = report.result().recovery();
    if (!recovery.isNone()) {
      add(
          "recovery: aborts=%d, controller resets=%d, requests issued again=%d%n",
          recovery.aborts(), recovery.resets(), recovery.requeues());
    }
    VerifyResult verify = report.result().verify();
    if (verify != null) {
      add(
          "verify: %d units of %d bytes compared, %d mismatches%n",
          verify.comparedUnits(), verify.unitBytes(), verify.mismatches());
    }
    PowerCutResult cut = report.result().powerCut();
    if (cut != null) {
      add(
          "power cut: after %d I/Os, at %.6f virtual seconds; of %d units of %d bytes %d were not"
              + " flushed, %d hold something older, %d what they must not%n",
          cut.afterIos(),
          cut.atNs() / 1e9,
          cut.checkedUnits(),
          cut.unitBytes(),
          cut.unflushedUnits(),
          cut.olderUnits(),
          cut.wrongUnits());
    }
  }

  private void addHeader(JobStats stats) {
    Job job = stats.job();
    add(
        "%s: (g=%d): rw=%s, bs=%s, ioengine=bio, iodepth=%d, numjobs=%d%n",
        job.name(),
        stats.groupId(),
        job.readWrite().label(),
        sizes(job),
        job.depth(),
        job.clones());
    add(
        "  area of %s at %s, %s%n",
        binary(job.sizeBytes()),
        binary(job.offsetBytes()),
        job.keys() == 0
            ? "plain"
            : job.keys()
                + (job.keys() == 1 ? " key" : " keys, one for each part of ")
                + (job.keys() == 1 ? "" : binary(job.sizeBytes() / job.keys()))
                + (job.keyPopularity() == null ? "" : ", chosen by " + job.keyPopularity()));
  }

  private static String sizes(Job job) {
    int smallest = job.blockSizes().smallestBytes();
    int largest = job.blockSizes().largestBytes();
    return smallest == largest ? binary(smallest) : binary(smallest) + "-" + binary(largest);
  }

  private void addJob(JobStats stats) {
    Job job = stats.job();
    add(
        "%n%s: (groupid=%d, jobs=%d): err=%2d%n",
        job.name(),
        stats.groupId(),
        job.reportTogether() ? job.clones() : 1,
        stats.failures() == 0 ? 0 : 5);
    for (IoDirection direction : IoDirection.values()) {
      DirectionStats done = stats.direction(direction);
      if (done != null && done.ios() > 0) {
        addDirection(stats, direction, done);
      }
    }
    LatencyStats flushes = stats.flushes();
    if (flushes.count() > 0) {
      add(
          "  flushes      : total=%d, lat (usec): min=%d, max=%d, avg=%.2f%n",
          flushes.count(), flushes.minNs() / 1000, flushes.maxNs() / 1000, flushes.meanNs() / 1000);
    }
    add("  IO depths    :");
    for (int level = 0; level < DEPTHS.length; level++) {
      add("%s %s=%.1f%%", level == 0 ? "" : ",", DEPTHS[level], stats.depthPercent(level));
    }
    add("%n");
    KeyslotUse keyslots = stats.keyslots();
    if (keyslots != null && keyslots.hits() + keyslots.misses() > 0) {
      addKeyslots(keyslots);
    }
  }

  private void addDirection(JobStats stats, IoDirection direction, DirectionStats done) {
    double seconds = stats.runtimeNs() / 1e9;
    double bytesPerSecond = seconds == 0 ? 0 : done.bytes() / seconds;
    add(
        "  %s: IOPS=%s, BW=%s/s (%s/s)(%s/%dmsec)%n",
        direction.label(),
        count(seconds == 0 ? 0 : done.ios() / seconds),
        binary(bytesPerSecond),
        decimal(bytesPerSecond),
        binary(done.bytes()),
        stats.runtimeNs() / 1_000_000);
    addLatency("slat", done.submission());
    addLatency("clat", done.completion());
    addLatency(" lat", done.total());
    addPercentiles(stats.job().percentiles(), done.completion());
  }

  private void addLatency(String name, LatencyStats stats) {
    Unit unit = Unit.of(stats.meanNs());
    add(
        "    %s (%s): min=%s, max=%s, avg=%.2f, stdev=%.2f%n",
        name,
        unit.label,
        unit.in(stats.minNs()),
        unit.in(stats.maxNs()),
        stats.meanNs() / unit.ns,
        stats.histogram().getStdDeviation() / unit.ns);
  }

  private void addPercentiles(List<Double> percentiles, LatencyStats stats) {
    Unit unit = Unit.of(stats.meanNs());
    Histogram histogram = stats.histogram();
    add("    clat percentiles (%s):%n", unit.label);
    for (int index = 0; index < percentiles.size(); index++) {
      boolean first = index % PERCENTILES_PER_LINE == 0;
      boolean last = index % PERCENTILES_PER_LINE == PERCENTILES_PER_LINE - 1;
      double percent = percentiles.get(index);
      add(
          "%s %5.2fth=[%5s]%s",
          first ? "     |" : "",
          percent,
          unit.in(Math.min(stats.maxNs(), histogram.getValueAtPercentile(percent))),
          index == percentiles.size() - 1 ? "\n" : last ? ",\n" : ",");
    }
  }

  private void addKeyslots(KeyslotUse use) {
    add(
        "  keyslots     : %d slots, hits=%d, misses=%d (%.2f%%), programs=%d, evictions=%d,"
            + " waits=%d%n",
        use.slots(),
        use.hits(),
        use.misses(),
        100 * use.missRatio(),
        use.programs(),
        use.evictions(),
        use.waits());
    if (use.waitedRequests() > 0) {
      double meanNs = (double) use.waitNsTotal() / use.waitedRequests();
      Unit unit = Unit.of(meanNs);
      add(
          "    wait (%s): requests=%d, avg=%.2f, 50.00th=%s, 99.00th=%s, max=%s%n",
          unit.label,
          use.waitedRequests(),
          meanNs / unit.ns,
          unit.in(use.waitNs().getValueAtPercentile(50)),
          unit.in(use.waitNs().getValueAtPercentile(99)),
          unit.in(use.waitNs().getMaxValue()));
    }
  }

  private void addGroup(int groupId) {
    add("%nRun status group %d (all jobs):%n", groupId);
    for (IoDirection direction : IoDirection.values()) {
      long bytes = 0;
      double bytesPerSecond = 0;
      long runtimeNs = 0;
      for (JobStats stats : report.result().jobs()) {
        DirectionStats done = stats.direction(direction);
        if (stats.groupId() == groupId && done != null && done.ios() > 0) {
          bytes += done.bytes();
          bytesPerSecond += stats.runtimeNs() == 0 ? 0 : done.bytes() * 1e9 / stats.runtimeNs();
          runtimeNs = Math.max(runtimeNs, stats.runtimeNs());
        }
      }
      if (bytes > 0) {
        add(
            "%7s: bw=%s/s (%s/s), io=%s (%s), run=%dmsec%n",
            direction.label().toUpperCase(Locale.ROOT),
            binary(bytesPerSecond),
            decimal(bytesPerSecond),
            binary(bytes),
            decimal(bytes),
            runtimeNs / 1_000_000);
      }
    }
  }

  private void addSimulation(RunSpeed speed) {
    add(
        "%nsimulation: device %s, media %s, payload %s, policy %s; merges %d%n",
        report.device(),
        report.media(),
        report.payload(),
        report.policy(),
        report.result().queue().backMerges()
            + report.result().queue().frontMerges()
            + report.result().queue().requestMerges());
    add(
        "  %d I/Os, %.6f virtual seconds in %.3f seconds; %.0f I/Os per second after a warm-up of"
            + " %d%n",
        speed.ios(),
        speed.virtualSeconds(),
        speed.wallSeconds(),
        speed.iosPerWallSecond(),
        speed.warmupIos());
    add("  event log hash %s%n", HexFormat.of().toHexDigits(report.result().eventLogHash()));
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  /** What latencies are shown in. */
  private enum Unit {
    NSEC("nsec", 1),
    USEC("usec", 1_000),
    MSEC("msec", 1_000_000);

    private final String label;
    private final double ns;

    Unit(String label, double ns) {
      this.label = label;
      this.ns = ns;
    }

    static Unit of(double meanNs) {
      return meanNs < 10_000 ? NSEC : meanNs < 10_000_000 ? USEC : MSEC;
    }

    String in(long ns) {
      return String.valueOf(Math.round(ns / this.ns));
    }
  }

  private static String count(double value) {
    return value < 10_000
        ? String.format(Locale.ROOT, "%.0f", value)
        : value < 1e7
            ? String.format(Locale.ROOT, "%.1fk", value / 1e3)
            : String.format(Locale.ROOT, "%.1fM", value / 1e6);
  }

  private static String binary(double bytes) {
    return scaled(bytes, 1024, new String[] {"B", "KiB", "MiB", "GiB", "TiB", "PiB"});
  }

  private static String decimal(double bytes) {
    return scaled(bytes, 1000, new String[] {"B", "kB", "MB", "GB", "TB", "PB"});
  }

  private static String scaled(double value, double base, String[] units) {
    double left = value;
    int unit = 0;
    while (left >= 10 * base && unit < units.length - 1 || left >= base && left % base == 0) {
      left /= base;
      unit++;
    }
    return String.format(
        Locale.ROOT, left < 10 && left % 1 != 0 ? "%.2f%s" : "%.0f%s", left, units[unit]);
  }
}
