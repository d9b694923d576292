package bench.fio;

import bench.workload.WorkloadResult;

/**
 * A result and what a reader needs to know beside it.
 *
 * @param version of this program
 * @param epochMs when the report was made, on the wall clock
 * @param device name of the device's preset
 * @param media name of the media preset
 * @param payload {@code none} or {@code real}
 * @param policy chose the slots that were overwritten
 */
public record FioReport(
    WorkloadResult result,
    String version,
    long epochMs,
    String device,
    String media,
    String payload,
    String policy) {}
