package bench.fio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import bench.workload.Job;
import bench.workload.ReadWrite;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
  private static List<Job> jobs(String text) {
    return JobFile.jobs(text.lines().toList());
  }

  @Test
  void globalOptionsHoldForTheJobsAfterThem() {
    List<Job> jobs =
        jobs(
            """
            ; a phone
            [global]
            bs=8k
            rw=randread
            iodepth = 32   # deep
            runtime=10
            time_based
            ic_keys=256
            ic_key_dist=zipf:1.1

            [phone]
            numjobs=4
            rwmixread=70

            [tablet]
            stonewall
            bs=16k
            rw=readwrite
            """);
    assertThat(jobs).extracting(Job::name).containsExactly("phone", "tablet");
    Job phone = jobs.getFirst();
    assertThat(phone.readWrite()).isEqualTo(ReadWrite.RANDREAD);
    assertThat(phone.blockSizes().bytes()).containsExactly(8192);
    assertThat(phone.depth()).isEqualTo(32);
    assertThat(phone.clones()).isEqualTo(4);
    assertThat(phone.readPercent()).isEqualTo(70);
    assertThat(phone.runtimeNs()).isEqualTo(10_000_000_000L);
    assertThat(phone.timeBased()).isTrue();
    assertThat(phone.stonewall()).isFalse();
    assertThat(phone.reportTogether()).isFalse();
    assertThat(phone.keys()).isEqualTo(256);
    assertThat(Objects.requireNonNull(phone.keyPopularity())).hasToString("zipf:1.1");
    assertThat(phone.options()).containsEntry("time_based", "").containsEntry("bs", "8k");
    Job tablet = jobs.getLast();
    assertThat(tablet.blockSizes().bytes()).containsExactly(16384);
    assertThat(tablet.readWrite()).isEqualTo(ReadWrite.RW);
    assertThat(tablet.stonewall()).isTrue();
    assertThat(tablet.clones()).isEqualTo(1);
  }

  @Test
  void everyOptionOfTheSubsetIsTaken() {
    Job job =
        jobs("""
        [all]
        rw=randrw
        bssplit=4k/60:64k/40
        size=1g
        offset=2m
        io_size=10m
        number_ios=1000
        iodepth=8
        numjobs=2
        rwmixread=30
        random_distribution=zoned:60/10:40/90
        randseed=7
        runtime=500ms
        time_based=0
        ramp_time=2m
        fsync=10
        rate_iops=1000
        thinktime=50
        stonewall=1
        group_reporting
        percentile_list=50:99.9
        ic_keys=16
        ic_key_dist=loop
        """)
            .getFirst();
    assertThat(job.options().keySet())
        .as("bs apart, which bssplit replaces")
        .hasSize(JobOptions.NAMES.size() - 1);
    assertThat(job.blockSizes().percents()).containsExactly(60, 40);
    assertThat(job.offsetBytes()).isEqualTo(2 << 20);
    assertThat(job.ioBytes()).isEqualTo(10 << 20);
    assertThat(job.ios()).as("of both clones").isEqualTo(2000);
    assertThat(job.seed()).isEqualTo(7);
    assertThat(job.runtimeNs()).isEqualTo(500_000_000);
    assertThat(job.rampNs()).isEqualTo(120_000_000_000L);
    assertThat(job.iopsPerClone()).isEqualTo(1000);
    assertThat(job.thinkNs()).isEqualTo(50_000);
    assertThat(job.percentiles()).containsExactly(50.0, 99.9);
  }

  @Test
  void sizesWithoutAShareHaveWhatIsLeft() {
    Job job = jobs("[a]\nbssplit=4k/50:8k:16k").getFirst();
    assertThat(job.blockSizes().percents()).containsExactly(50, 25, 25);
  }

  @Test
  void anUnknownOptionIsNamedWithItsPlaceAndTheSupportedOnes() {
    for (String option : List.of("filename=/dev/x", "read_iolog=f", "write_iolog=f", "direct=1")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> jobs("[phone]\nbs=4k\n" + option))
          .withMessageContaining(
              "unknown or unsupported option "
                  + option.substring(0, option.indexOf('='))
                  + " in [phone] line 3; supported are rw, bs, bssplit, size,")
          .withMessageContaining("ic_keys, ic_key_dist");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bs=3 | bs in [a] line 2",
        "bs=2m | at most 1 MiB",
        "bs=x | 'x' is no size",
        "rw=random | unknown 'random'; there are read, write, randread",
        "iodepth=0 | iodepth in [a] line 2: '0' is no number from 1 to",
        "iodepth=1e3 | '1e3'",
        "numjobs=1000 | numjobs",
        "runtime=soon | 'soon' is no time",
        "random_distribution=loop | loop is for keys",
        "random_distribution=zipf:x | 'zipf:x'",
        "ic_keys=2000000000 | ic_keys",
        "size=4k | job a: 4096 bytes are too few",
        "bssplit=4k/10:8k/20 | 100 percent",
        "time_based=maybe | neither 0 nor 1",
        "time_based | needs a runtime",
        "percentile_list=200 | percentile",
        "size=99999999999999g | too large",
        "rate_iops=100,200 | rate_iops",
        "=5 | neither a [section] nor an option",
      })
  void aBadValueIsSaidWithItsOption(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> jobs("[a]\n" + line + (line.startsWith("size=4k") ? "\nbs=8k" : "")))
        .withMessageContaining(message);
  }

  @Test
  void aFileWithoutJobsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> jobs("[global]\nbs=4k"))
        .withMessageContaining("no job");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> jobs("bs=4k\n[a]"))
        .withMessageContaining("line 1 comes before any [section]");
  }
}
