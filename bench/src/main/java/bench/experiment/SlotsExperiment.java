package bench.experiment;

import bench.workload.ClosedLoop;
import bench.workload.ExtentWorkload;
import bench.workload.IoSequence;
import bench.workload.KeyGranularity;
import bench.workload.KeySet;
import blockdev.DeviceModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import blockdev.preset.DevicePreset;
import blockdev.queue.HardwareQueue;
import blockdev.sim.DeviceTiming;
import blockdev.sim.MediaTiming;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.KeyslotCounters;
import inlinecrypt.keyslot.replacement.Replacement;
import java.util.HexFormat;

/**
 * How many keyslots does a workload need, with a key per file and with a key per extent? Runs the
 * same I/Os on the whole stack, from bios to ciphertext in memory, for any number of slots and any
 * replacement policy. Slots are empty at the start.
 *
 * <p>The future that {@link Replacement#BELADY} is told is the order in which the I/Os are
 * submitted. Each becomes one request; those that have to wait for a slot may get it out of order.
 */
public final class SlotsExperiment {
  /** The most slots that a command can name. */
  public static final int MAX_SLOTS = 65_535;

  public static final int MAX_QUEUE_DEPTH = 128;

  private static final CryptoConfig KEYS =
      new CryptoConfig(CryptoMode.AES_256_XTS, ExtentWorkload.IO_BYTES, Integer.BYTES);

  /**
   * As simple as can be, so that a row can be checked by hand: nine dies that take 90 µs to read
   * and to write, one link, and the keyslots of {@code ufs-ice}.
   */
  public static final DeviceTiming NINE_DIES =
      new DeviceTiming(
          DevicePreset.named(DevicePreset.DEFAULT).timing(),
          MediaTiming.ofDies(9, 90_000, 2_100_000_000L));

  private final ExtentWorkload workload;
  private final int queueDepth;
  private final DeviceTiming timing;
  private final IoSequence ios;

  /**
   * @param queueDepth I/Os under way, from 1 to {@link #MAX_QUEUE_DEPTH}
   */
  public SlotsExperiment(ExtentWorkload workload, int queueDepth, DeviceTiming timing) {
    if (queueDepth < 1 || queueDepth > MAX_QUEUE_DEPTH) {
      throw new IllegalArgumentException(
          "queueDepth must be from 1 to " + MAX_QUEUE_DEPTH + ", is " + queueDepth);
    }
    this.workload = workload;
    this.queueDepth = queueDepth;
    this.timing = timing;
    ios = workload.ios();
  }

  public SlotsSettings settings() {
    return SlotsSettings.of(workload, queueDepth, timing);
  }

  /**
   * @param slots from 1 to {@link #MAX_SLOTS}
   */
  public SlotsRow run(KeyGranularity granularity, int slots, Replacement replacement) {
    if (slots < 1 || slots > MAX_SLOTS) {
      throw new IllegalArgumentException("slots must be from 1 to " + MAX_SLOTS + ", is " + slots);
    }
    try (MemoryMedium medium = new MemoryMedium(workload.deviceBytes());
        KeySet keys = new KeySet(KEYS, granularity.keyCount(workload), workload.seed());
        Simulation simulation =
            new Simulation(config(granularity, slots, replacement, keys), medium)) {
      HardwareQueue queue = simulation.queue().submitter();
      new ClosedLoop(queue, simulation.queue().memory(), workload, ios, granularity, keys)
          .run(queueDepth);
      SlotsRow row = row(granularity, slots, replacement, simulation);
      keys.evictFrom(simulation.blkCrypto(), simulation.queue());
      return row;
    }
  }

  private SimulationConfig config(
      KeyGranularity granularity, int slots, Replacement replacement, KeySet keys) {
    return SimulationConfig.defaults()
        .withDevice(DeviceModel.ufs(slots).withTiming(timing))
        .withReplacement(
            slotCount -> replacement.policy(slotCount, keys.keysOf(workload, ios, granularity)));
  }

  private SlotsRow row(
      KeyGranularity granularity, int slots, Replacement replacement, Simulation simulation) {
    KeyslotCounters counters = simulation.queue().keyslots().counters();
    long requests = simulation.queue().counters().requests();
    long virtualNs = simulation.time().nowNs();
    return new SlotsRow(
        granularity.reportName(),
        slots,
        granularity.keyCount(workload),
        requests,
        (double) counters.hits() / requests,
        counters.misses(),
        counters.programs(),
        meanUs(counters.waitNsTotal(), requests),
        counters.waitedAcquires(),
        meanUs(counters.waitNsTotal(), counters.waitedAcquires()),
        counters.sleeps(),
        virtualNs,
        workload.ioCount() * 1e9 / virtualNs,
        HexFormat.of().toHexDigits(simulation.eventLogHash()),
        replacement.label(),
        counters.waitNs().getValueAtPercentile(50) / 1000.0,
        counters.waitNs().getValueAtPercentile(99) / 1000.0,
        counters.waitNs().getMaxValue() / 1000.0,
        counters.occupancy().meanBusy(),
        counters.occupancy().meanKeyed());
  }

  private static double meanUs(long totalNs, long count) {
    return count == 0 ? 0 : totalNs / 1000.0 / count;
  }
}
