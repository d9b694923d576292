package bench.workload;

/**
 * How much was simulated, and how long that took.
 *
 * @param ios of all jobs, those of ramp times too
 * @param virtualSeconds from the first I/O of all to the end of the last
 * @param wallSeconds for that
 * @param warmupIos the first I/Os, which the next figure leaves out
 * @param iosPerWallSecond after them
 */
public record RunSpeed(
    long ios, double virtualSeconds, double wallSeconds, long warmupIos, double iosPerWallSecond) {}
