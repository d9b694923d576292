package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyStatsTest {
  @Test
  void itIsTheHistogramThatTheLibraryRecords() {
    Histogram expected = new Histogram(3_600_000_000_000L, 3);
    LatencyStats stats = new LatencyStats();
    SeededStream random = new SeededStream(1, 0);
    for (int bits = 0; bits <= 41; bits++) {
      for (int draw = 0; draw < 200; draw++) {
        long ns = random.nextBelow(1L << bits);
        expected.recordValue(ns);
        stats.record(ns);
      }
    }
    for (long border : new long[] {0, 1, 1023, 1024, 2047, 2048, 2049, 4095, 4096}) {
      expected.recordValue(border);
      stats.record(border);
    }
    assertThat(stats.histogram()).isEqualTo(expected);
    assertThat(stats.count()).isEqualTo(expected.getTotalCount());
    stats.reset();
    assertThat(stats.histogram().getTotalCount()).isZero();
  }

  @Test
  void whatTakesLongerThanAnHourCountsAsThat() {
    LatencyStats stats = new LatencyStats();
    stats.record(Long.MAX_VALUE / 2);
    assertThat(stats.maxNs()).isEqualTo(Long.MAX_VALUE / 2);
    assertThat(stats.histogram().getTotalCount()).isEqualTo(1);
  }
}
