package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.SimulationConfig;
import blockdev.media.NullMedium;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class EndlessJobTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int IOS = 50_000;

  private static final Job JOB =
      Jobs.of(
          "rw=randrw",
          "bssplit=4k/80:64k/20",
          "size=64m",
          "iodepth=16",
          "numjobs=2",
          "ic_keys=256",
          "ic_key_dist=zipf:1.1",
          "runtime=1d",
          "time_based=1");

  /** So memory stays as it is, however many there are. */
  @Test
  void anIoAllocatesNothing() {
    try (NullMedium medium = new NullMedium(64 << 20);
        EndlessJob job = new EndlessJob(JOB, SimulationConfig.defaults(), medium)) {
      long least = Long.MAX_VALUE; // less and less as code is compiled
      for (int round = 0; round < 200 && least > IOS; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        job.advance(IOS);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes").isLessThan(IOS);
      assertThat(job.keyslots().misses()).isPositive();
    }
  }

  @Test
  void goingOnInPartsIsTheSame() {
    try (NullMedium medium = new NullMedium(64 << 20);
        EndlessJob whole = new EndlessJob(JOB, SimulationConfig.defaults(), medium);
        EndlessJob parts = new EndlessJob(JOB, SimulationConfig.defaults(), medium)) {
      whole.advance(3000);
      parts.advance(1000);
      assertThat(parts.eventLogHash()).isNotEqualTo(whole.eventLogHash());
      parts.advance(2000);
      assertThat(parts.eventLogHash()).isEqualTo(whole.eventLogHash());
    }
  }
}
