package bench.workload;

import bench.fio.JobOptions;

/** Jobs for tests, in fio's words. */
final class Jobs {
  private Jobs() {}

  /** The job of {@code options}, each {@code name=value}; its clones are reported together. */
  static Job of(String... options) {
    JobOptions job = new JobOptions();
    job.set("group_reporting", "1", "");
    for (String option : options) {
      int equals = option.indexOf('=');
      job.set(option.substring(0, equals), option.substring(equals + 1), "");
    }
    return job.job("test");
  }
}
