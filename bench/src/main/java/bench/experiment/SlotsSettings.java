package bench.experiment;

import bench.workload.ExtentWorkload;
import blockdev.sim.DeviceTiming;

/**
 * What all rows of a {@link SlotsExperiment} have in common, for the reader of a report.
 *
 * @param queueDepth I/Os under way
 * @param commandNs busy time of one of the device's parallel units for a command
 * @param assumed which of these figures nobody publishes
 */
public record SlotsSettings(
    long seed,
    int files,
    int extentsPerFile,
    int extentBytes,
    String fileChoice,
    int readPercent,
    int ioBytes,
    int ioCount,
    int queueDepth,
    long commandNs,
    int parallelUnits,
    long linkBytesPerSecond,
    long slotProgramNs,
    long slotEvictNs,
    String assumed,
    String time,
    String warmup) {

  static SlotsSettings of(ExtentWorkload workload, int queueDepth, DeviceTiming timing) {
    return new SlotsSettings(
        workload.seed(),
        workload.files(),
        workload.extentsPerFile(),
        ExtentWorkload.EXTENT_BYTES,
        "zipf with exponent 1",
        ExtentWorkload.READ_PERCENT,
        ExtentWorkload.IO_BYTES,
        workload.ioCount(),
        queueDepth,
        timing.media().dieReadNs(),
        timing.media().dies(),
        timing.media().readLinkBytesPerSecond(),
        timing.keys().programNs(),
        timing.keys().evictNs(),
        "commandNs slotProgramNs slotEvictNs",
        "virtual",
        "none");
  }
}
