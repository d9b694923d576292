package bench.fio;

import bench.workload.DirectionStats;
import bench.workload.IoDirection;
import bench.workload.Job;
import bench.workload.JobStats;
import bench.workload.KeyslotUse;
import bench.workload.LatencyStats;
import bench.workload.PowerCutResult;
import bench.workload.RateWindows;
import bench.workload.Recovery;
import bench.workload.RunSpeed;
import bench.workload.VerifyResult;
import blockdev.fault.FaultKind;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * A report as fio's {@code --output-format=json} has it: the same names and units, so that what
 * reads fio's reads this. Of ours are {@code keyslots} in each job, and {@code simulation}, {@code
 * verify} and {@code powerCut} beside the jobs. What a simulation does not have (CPU, context
 * switches, page faults) is 0. Times are virtual; {@code job_start} counts from the start of the
 * simulation.
 *
 * <p>Source: fio 3, {@code stat.c}.
 */
public final class FioJson {
  private static final long LONG_NS = 2_000_000_000;
  private static final int[] BUCKETS = {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000};
  private static final List<String> DEPTHS = List.of("1", "2", "4", "8", "16", "32", ">=64");
  private static final List<String> BATCHES = List.of("0", "4", "8", "16", "32", "64", ">=64");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final FioReport report;
  private final List<JobStats> jobs;
  private final DirectionStats nothing = DirectionStats.none();

  private FioJson(FioReport report) {
    this.report = report;
    jobs = report.result().jobs();
  }

  /** The whole report. */
  public static JsonObject of(FioReport report) {
    return new FioJson(report).top();
  }

  private JsonObject top() {
    JsonObject top = new JsonObject();
    top.addProperty("fio version", "inlinecrypt-" + report.version());
    top.addProperty("timestamp", report.epochMs() / 1000);
    top.addProperty("timestamp_ms", report.epochMs());
    top.addProperty("time", TIME.format(Instant.ofEpochMilli(report.epochMs())));
    top.add("global options", new JsonObject());
    JsonArray array = new JsonArray();
    jobs.forEach(job -> array.add(job(job)));
    top.add("jobs", array);
    top.add("disk_util", new JsonArray());
    top.add("simulation", simulation(report.result().speed()));
    if (report.result().verify() != null) {
      top.add("verify", verify(report.result().verify()));
    }
    if (report.result().powerCut() != null) {
      top.add("powerCut", powerCut(report.result().powerCut()));
    }
    return top;
  }

  private JsonObject simulation(RunSpeed speed) {
    JsonObject simulation = new JsonObject();
    simulation.addProperty("ios", speed.ios());
    simulation.addProperty("virtualSeconds", speed.virtualSeconds());
    simulation.addProperty("wallSeconds", speed.wallSeconds());
    simulation.addProperty("warmupIos", speed.warmupIos());
    simulation.addProperty("iosPerWallSecond", speed.iosPerWallSecond());
    simulation.addProperty(
        "eventLogHash", HexFormat.of().toHexDigits(report.result().eventLogHash()));
    simulation.addProperty("device", report.device());
    simulation.addProperty("media", report.media());
    simulation.addProperty("payload", report.payload());
    simulation.addProperty("policy", report.policy());
    JsonObject faults = new JsonObject();
    for (FaultKind kind : FaultKind.values()) {
      if (report.result().faults().happened(kind) > 0) {
        faults.addProperty(kind.label(), report.result().faults().happened(kind));
      }
    }
    simulation.add("faults", faults);
    simulation.add("recovery", recovery(report.result().recovery()));
    return simulation;
  }

  private static JsonObject powerCut(PowerCutResult result) {
    JsonObject cut = new JsonObject();
    cut.addProperty("afterIos", result.afterIos());
    cut.addProperty("virtualSeconds", result.atNs() / 1e9);
    cut.addProperty("unitBytes", result.unitBytes());
    cut.addProperty("checkedUnits", result.checkedUnits());
    cut.addProperty("unflushedUnits", result.unflushedUnits());
    cut.addProperty("olderUnits", result.olderUnits());
    cut.addProperty("wrongUnits", result.wrongUnits());
    return cut;
  }

  private static JsonObject recovery(Recovery did) {
    JsonObject recovery = new JsonObject();
    recovery.addProperty("aborts", did.aborts());
    recovery.addProperty("resets", did.resets());
    recovery.addProperty("requeues", did.requeues());
    return recovery;
  }

  private static JsonObject verify(VerifyResult result) {
    JsonObject verify = new JsonObject();
    verify.addProperty("unitBytes", result.unitBytes());
    verify.addProperty("comparedUnits", result.comparedUnits());
    verify.addProperty("mismatches", result.mismatches());
    return verify;
  }

  private JsonObject job(JobStats stats) {
    Job job = stats.job();
    JsonObject json = new JsonObject();
    json.addProperty("jobname", job.name());
    json.addProperty("groupid", stats.groupId());
    json.addProperty("job_start", stats.startNs() / 1_000_000);
    json.addProperty("error", stats.failures() == 0 ? 0 : 5); // EIO
    json.addProperty("eta", 0);
    json.addProperty("elapsed", Math.ceilDiv(stats.runtimeNs(), 1_000_000_000L));
    JsonObject options = new JsonObject();
    job.options().forEach((name, value) -> options.addProperty(name, value));
    json.add("job options", options);
    for (IoDirection direction : IoDirection.values()) {
      json.add(direction.label(), direction(stats, direction));
    }
    json.add("sync", sync(stats));
    json.addProperty("job_runtime", stats.runtimeNs() / 1_000_000);
    json.addProperty("usr_cpu", 0.0);
    json.addProperty("sys_cpu", 0.0);
    json.addProperty("ctx", 0);
    json.addProperty("majf", 0);
    json.addProperty("minf", 0);
    JsonObject depths = new JsonObject();
    for (int level = 0; level < DEPTHS.size(); level++) {
      depths.addProperty(DEPTHS.get(level), stats.depthPercent(level));
    }
    json.add("iodepth_level", depths);
    json.add("iodepth_submit", batches(stats));
    json.add("iodepth_complete", batches(stats));
    addLatencyBuckets(json, stats);
    json.addProperty("latency_depth", job.depth());
    json.addProperty("latency_target", 0);
    json.addProperty("latency_percentile", 100.0);
    json.addProperty("latency_window", 0);
    if (stats.keyslots() != null) {
      json.add("keyslots", keyslots(stats.keyslots()));
    }
    return json;
  }

  private JsonObject direction(JobStats stats, IoDirection direction) {
    DirectionStats done = stats.direction(direction);
    if (done == null) {
      done = nothing;
    }
    double seconds = stats.runtimeNs() / 1e9;
    double bytesPerSecond = seconds == 0 ? 0 : done.bytes() / seconds;
    double iosPerSecond = seconds == 0 ? 0 : done.ios() / seconds;
    JsonObject json = new JsonObject();
    json.addProperty("io_bytes", done.bytes());
    json.addProperty("io_kbytes", done.bytes() >> 10);
    json.addProperty("bw_bytes", Math.round(bytesPerSecond));
    json.addProperty("bw", Math.round(bytesPerSecond / 1024));
    json.addProperty("iops", iosPerSecond);
    json.addProperty("runtime", done.ios() == 0 ? 0 : stats.runtimeNs() / 1_000_000);
    json.addProperty("total_ios", done.ios());
    json.addProperty("short_ios", 0);
    json.addProperty("drop_ios", 0);
    json.add("slat_ns", latency(done.submission()));
    JsonObject completion = latency(done.completion());
    if (done.ios() > 0) {
      JsonObject percentiles = new JsonObject();
      Histogram histogram = done.completion().histogram();
      for (double percent : stats.job().percentiles()) {
        percentiles.addProperty(
            String.format(Locale.ROOT, "%.6f", percent),
            Math.min(done.completion().maxNs(), histogram.getValueAtPercentile(percent)));
      }
      completion.add("percentile", percentiles);
    }
    json.add("clat_ns", completion);
    json.add("lat_ns", latency(done.total()));
    addRates(json, stats, direction, done, bytesPerSecond / 1024, iosPerSecond);
    return json;
  }

  /** A run shorter than a window is one sample. */
  private void addRates(
      JsonObject json,
      JobStats stats,
      IoDirection direction,
      DirectionStats done,
      double kibPerSecond,
      double iosPerSecond) {
    RateWindows bandwidth = done.bytesPerSecond();
    RateWindows ios = done.iosPerSecond();
    boolean sampled = bandwidth.samples() > 0;
    long samples = sampled ? bandwidth.samples() : done.ios() == 0 ? 0 : 1;
    json.addProperty("bw_min", Math.round(sampled ? bandwidth.min() / 1024 : kibPerSecond));
    json.addProperty("bw_max", Math.round(sampled ? bandwidth.max() / 1024 : kibPerSecond));
    json.addProperty("bw_agg", sharePercent(stats, direction, done));
    json.addProperty("bw_mean", sampled ? bandwidth.mean() / 1024 : kibPerSecond);
    json.addProperty("bw_dev", bandwidth.deviation() / 1024);
    json.addProperty("bw_samples", samples);
    json.addProperty("iops_min", Math.round(sampled ? ios.min() : iosPerSecond));
    json.addProperty("iops_max", Math.round(sampled ? ios.max() : iosPerSecond));
    json.addProperty("iops_mean", sampled ? ios.mean() : iosPerSecond);
    json.addProperty("iops_stddev", ios.deviation());
    json.addProperty("iops_samples", samples);
  }

  /** Of the bytes that all jobs of the group moved in that direction. */
  private double sharePercent(JobStats stats, IoDirection direction, DirectionStats done) {
    long all = 0;
    for (JobStats other : jobs) {
      DirectionStats its = other.direction(direction);
      if (other.groupId() == stats.groupId() && its != null) {
        all += its.bytes();
      }
    }
    return all == 0 ? 0 : 100.0 * done.bytes() / all;
  }

  private static JsonObject latency(LatencyStats stats) {
    JsonObject json = new JsonObject();
    json.addProperty("min", stats.minNs());
    json.addProperty("max", stats.maxNs());
    json.addProperty("mean", stats.meanNs());
    json.addProperty("stddev", stats.count() == 0 ? 0 : stats.histogram().getStdDeviation());
    json.addProperty("N", stats.count());
    return json;
  }

  private static JsonObject sync(JobStats stats) {
    JsonObject sync = new JsonObject();
    sync.addProperty("total_ios", stats.flushes().count());
    sync.add("lat_ns", latency(stats.flushes()));
    return sync;
  }

  /** Each I/O is submitted, and ends, on its own; fio counts 1 to 4 together. */
  private static JsonObject batches(JobStats stats) {
    boolean any = false;
    for (int level = 0; level < DEPTHS.size(); level++) {
      any |= stats.depthPercent(level) > 0;
    }
    JsonObject batches = new JsonObject();
    for (String batch : BATCHES) {
      batches.addProperty(batch, any && batch.equals("4") ? 100.0 : 0.0);
    }
    return batches;
  }

  /** Completion latencies of all directions: the share that is below a bucket's name. */
  private void addLatencyBuckets(JsonObject json, JobStats stats) {
    Histogram all = nothing.completion().histogram();
    for (IoDirection direction : IoDirection.values()) {
      DirectionStats done = stats.direction(direction);
      if (done != null) {
        all.add(done.completion().histogram());
      }
    }
    json.add("latency_ns", buckets(all, 0, 1));
    json.add("latency_us", buckets(all, 1_000, 1_000));
    JsonObject milliseconds = buckets(all, 1_000_000, 1_000_000);
    milliseconds.addProperty("2000", percentWithin(all, 1_000_000_000, LONG_NS));
    milliseconds.addProperty(">=2000", percentWithin(all, LONG_NS, Long.MAX_VALUE));
    json.add("latency_ms", milliseconds);
  }

  private static JsonObject buckets(Histogram all, long fromNs, long unitNs) {
    JsonObject json = new JsonObject();
    long lowNs = fromNs;
    for (int bucket : BUCKETS) {
      long highNs = bucket * unitNs;
      json.addProperty(String.valueOf(bucket), percentWithin(all, lowNs, highNs));
      lowNs = highNs;
    }
    return json;
  }

  private static double percentWithin(Histogram all, long fromNs, long toNs) {
    long highNs = Math.min(toNs - 1, all.getHighestTrackableValue());
    return all.getTotalCount() == 0
        ? 0
        : 100.0 * all.getCountBetweenValues(fromNs, highNs) / all.getTotalCount();
  }

  private static JsonObject keyslots(KeyslotUse use) {
    JsonObject json = new JsonObject();
    json.addProperty("slots", use.slots());
    json.addProperty("hits", use.hits());
    json.addProperty("misses", use.misses());
    json.addProperty("programs", use.programs());
    json.addProperty("failedPrograms", use.failedPrograms());
    json.addProperty("evictions", use.evictions());
    json.addProperty("waits", use.waits());
    json.addProperty("sectionWaits", use.sectionWaits());
    json.addProperty("waitedRequests", use.waitedRequests());
    json.addProperty("missRatio", use.missRatio());
    JsonObject wait = new JsonObject();
    boolean waited = use.waitNs().getTotalCount() > 0;
    wait.addProperty("mean", mean(use));
    wait.addProperty("p50", waited ? use.waitNs().getValueAtPercentile(50) : 0);
    wait.addProperty("p99", waited ? use.waitNs().getValueAtPercentile(99) : 0);
    wait.addProperty("max", waited ? use.waitNs().getMaxValue() : 0);
    wait.addProperty("N", use.waitedRequests());
    json.add("wait_ns", wait);
    return json;
  }

  private static double mean(KeyslotUse use) {
    return use.waitedRequests() == 0 ? 0 : (double) use.waitNsTotal() / use.waitedRequests();
  }
}
