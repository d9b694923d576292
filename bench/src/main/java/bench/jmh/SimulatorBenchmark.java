package bench.jmh;

import bench.fio.JobOptions;
import bench.workload.EndlessJob;
import bench.workload.Job;
import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an I/O of virtual time costs on the wall clock, all of it: a job draws it, the block layer
 * checks it, it gets its keyslot, goes through the rings and comes back, and its latencies are
 * counted. Four clones with 32 random reads of 4 KiB each under way, 256 keys by zipf 1.1 on 32
 * slots. No payload.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 10, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls open
public class SimulatorBenchmark {
  private static final int IOS = 1 << 16;
  private static final String AREA = "64m";
  private static final long MEDIUM_BYTES = 64L << 20;

  @Param("null")
  public String media;

  @Param({"zipf:1.1"})
  public String keyDist;

  private EndlessJob running;

  /** Runs the same with bytes for a while and compares the event logs. */
  @Setup(Level.Trial)
  public void open() {
    try (Medium real = new MemoryMedium(MEDIUM_BYTES);
        EndlessJob other = new EndlessJob(job(), config(), real)) {
      running = new EndlessJob(job(), config(), new NullMedium(MEDIUM_BYTES));
      running.advance(IOS);
      other.advance(IOS);
      if (running.eventLogHash() != other.eventLogHash()) {
        throw new IllegalStateException("other events than with bytes");
      }
    }
    KeyslotCounters keyslots = running.keyslots();
    if (keyslots.misses() == 0 || keyslots.hits() + keyslots.misses() < IOS) {
      throw new IllegalStateException(
          keyslots.hits() + " hits and " + keyslots.misses() + " misses of " + IOS + " I/Os");
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    running.close();
  }

  @Benchmark
  @OperationsPerInvocation(IOS)
  public void io() {
    running.advance(IOS);
  }

  private SimulationConfig config() {
    return SimulationConfig.defaults()
        .withDevice(
            DeviceModel.of(DevicePreset.named(DevicePreset.DEFAULT), MediaPreset.named(media)));
  }

  private Job job() {
    JobOptions options = new JobOptions();
    options.set("rw", "randread", "");
    options.set("size", AREA, "");
    options.set("iodepth", "32", "");
    options.set("numjobs", "4", "");
    options.set("ic_keys", "256", "");
    options.set("ic_key_dist", keyDist, "");
    options.set("runtime", "365d", "");
    options.set("time_based", "1", "");
    options.set("group_reporting", "1", "");
    return options.job("simulator");
  }
}
