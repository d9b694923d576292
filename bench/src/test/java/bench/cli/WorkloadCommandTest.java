package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadCommandTest {
  private final WorkloadUnderTest workload = new WorkloadUnderTest();

  @TempDir private Path directory;

  @Test
  void jsonHasTheNamesThatScriptsReadFromFio() {
    JsonObject top = workload.json();
    assertThat(top.keySet())
        .containsExactly(
            "fio version",
            "timestamp",
            "timestamp_ms",
            "time",
            "global options",
            "jobs",
            "disk_util",
            "simulation");
    assertThat(top.get("fio version").getAsString()).startsWith("inlinecrypt-");
    assertThat(top.getAsJsonArray("jobs")).hasSize(1);
    JsonObject job = top.getAsJsonArray("jobs").get(0).getAsJsonObject();
    assertThat(job.keySet())
        .containsExactly(
            ("jobname groupid job_start error eta elapsed|job options|read write trim sync"
                    + " job_runtime usr_cpu sys_cpu ctx majf minf iodepth_level iodepth_submit"
                    + " iodepth_complete latency_ns latency_us latency_ms latency_depth"
                    + " latency_target latency_percentile latency_window keyslots")
                .transform(names ->
                    Arrays.stream(names.split("[|]"))
                        .flatMap(part ->
                            part.equals("job options")
                                ? Stream.of(part)
                                : Arrays.stream(part.split(" ")))
                        .toArray(String[]::new)));
    JsonObject read = job.getAsJsonObject("read");
    assertThat(read.keySet())
        .containsExactly(
            ("io_bytes io_kbytes bw_bytes bw iops runtime total_ios short_ios drop_ios slat_ns"
                    + " clat_ns lat_ns bw_min bw_max bw_agg bw_mean bw_dev bw_samples iops_min"
                    + " iops_max iops_mean iops_stddev iops_samples")
                .split(" "));
    assertThat(read.getAsJsonObject("lat_ns").keySet())
        .containsExactly("min", "max", "mean", "stddev", "N");
    assertThat(read.getAsJsonObject("clat_ns").getAsJsonObject("percentile").keySet())
        .hasSize(17)
        .contains("1.000000", "50.000000", "99.950000", "99.990000");
    assertThat(job.getAsJsonObject("iodepth_level").keySet())
        .containsExactly("1", "2", "4", "8", "16", "32", ">=64");
    assertThat(job.getAsJsonObject("latency_ms").keySet()).contains("1000", "2000", ">=2000");
    assertThat(job.getAsJsonObject("keyslots").keySet())
        .contains("slots", "hits", "misses", "programs", "evictions", "waits", "missRatio");
    assertThat(top.getAsJsonObject("simulation").keySet())
        .contains(
            "ios",
            "virtualSeconds",
            "wallSeconds",
            "warmupIos",
            "iosPerWallSecond",
            "eventLogHash");
  }

  @Test
  void theNumbersOfAReportGoTogether() {
    JsonObject top = workload.json();
    JsonObject job = top.getAsJsonArray("jobs").get(0).getAsJsonObject();
    JsonObject read = job.getAsJsonObject("read");
    JsonObject write = job.getAsJsonObject("write");
    long reads = read.get("total_ios").getAsLong();
    long writes = write.get("total_ios").getAsLong();
    assertThat(reads + writes).as("of both clones").isEqualTo(1000);
    assertThat(read.get("io_bytes").getAsLong()).isEqualTo(reads * 4096);
    assertThat(read.getAsJsonObject("clat_ns").get("N").getAsLong()).isEqualTo(reads);
    JsonObject keyslots = job.getAsJsonObject("keyslots");
    assertThat(keyslots.get("hits").getAsLong() + keyslots.get("misses").getAsLong())
        .isEqualTo(1000);
    assertThat(keyslots.get("slots").getAsInt()).isEqualTo(32);
    double seconds = top.getAsJsonObject("simulation").get("virtualSeconds").getAsDouble();
    assertThat(read.get("iops").getAsDouble() * seconds).isBetween(reads * 0.999, reads * 1.001);
    double buckets = 0;
    for (String unit : new String[] {"latency_ns", "latency_us", "latency_ms"}) {
      JsonObject each = job.getAsJsonObject(unit);
      buckets += each.keySet().stream().mapToDouble(name -> each.get(name).getAsDouble()).sum();
    }
    assertThat(buckets).isBetween(99.99, 100.01);
    assertThat(top.getAsJsonObject("simulation").get("ios").getAsLong()).isEqualTo(1000);
  }

  @Test
  void theSameSeedIsTheSameRunInAnyLocaleAndWithBytes() {
    String hash = hash(workload.json());
    Locale usual = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(hash(workload.json())).isEqualTo(hash);
    } finally {
      Locale.setDefault(usual);
    }
    assertThat(hash(workload.json("--payload", "real"))).isEqualTo(hash);
    assertThat(hash(workload.json("--seed", "2"))).isNotEqualTo(hash);
    assertThat(hash).matches("[0-9a-f]{16}");
  }

  private static String hash(JsonObject top) {
    return top.getAsJsonObject("simulation").get("eventLogHash").getAsString();
  }

  @Test
  void linesLookLikeThoseOfFio() {
    assertThat(workload.executeSmall("--name", "phone")).isZero();
    assertThat(workload.out())
        .contains("phone: (g=0): rw=randrw, bs=4KiB")
        .contains("phone: (groupid=0, jobs=2): err= 0")
        .contains("  read: IOPS=")
        .contains("    clat percentiles (usec):")
        .contains("  keyslots     : 32 slots, hits=")
        .contains("Run status group 0 (all jobs):")
        .contains("event log hash ")
        .contains("chosen by zipf:1.1, seed 1");
    assertThat(workload.out().lines().filter(line -> line.startsWith("   READ: ")))
        .singleElement()
        .asString()
        .matches(
            "   READ: bw=\\S+iB/s \\(\\S+B/s\\), \\S+iB/s-\\S+iB/s \\(\\S+B/s-\\S+B/s\\),"
                + " io=\\S+iB \\(\\S+B\\), run=\\d+-\\d+msec");
    assertThat(workload.err()).isEmpty();
  }

  @Test
  void percentilesHaveTheDecimalsThatTellThemApart() {
    assertThat(workload.executeSmall("--percentile-list", "50:99.999:100")).isZero();
    assertThat(workload.out()).contains(" 50.000th=", " 99.999th=", "100.000th=");
  }

  @Test
  void theReportNamesTheSeedEvenIfNobodyDid() {
    JsonObject job = workload.json().getAsJsonArray("jobs").get(0).getAsJsonObject();
    assertThat(job.getAsJsonObject("job options").get("randseed").getAsString()).isEqualTo("1");
  }

  @Test
  void verifyComparesBytesAndSaysHowMany() {
    JsonObject verify = workload.json("--verify").getAsJsonObject("verify");
    assertThat(verify.get("comparedUnits").getAsLong()).isPositive();
    assertThat(verify.get("mismatches").getAsLong()).isZero();
  }

  @Test
  void aJobFileIsRunAndJsonGoesToAFileBesideTheLines() throws IOException {
    Path file = directory.resolve("phone.fio");
    Files.writeString(
        file,
        """
        [global]
        rw=randread
        size=1m
        number_ios=10
        ic_keys=4
        [one]
        numjobs=2
        [two]
        stonewall
        """);
    assertThat(workload.execute("--json", file.toString())).as(workload.err()).isZero();
    assertThat(JsonParser.parseString(workload.out()).getAsJsonObject().getAsJsonArray("jobs"))
        .hasSize(3);
    Path report = directory.resolve("report.json");
    assertThat(workload.execute(file.toString(), "--json=" + report)).isZero();
    assertThat(workload.out()).contains("two: (groupid=1, jobs=1)");
    assertThat(Files.readString(report)).startsWith("{");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bs 3 | bs (--bs): a block size must be a multiple of 512",
        "--rw sideways | rw (--rw): unknown 'sideways'",
        "--keys -1 | ic_keys (--keys)",
        "--device toaster | --device: ",
        "--media cheese | --media: ",
        "--policy belady | future",
        "--policy x | --policy: no replacement policy x",
        "--payload some | --payload is none or real",
        "--power-cut after=x | --power-cut: 'x' is no number",
        "--power-cut 7 | --power-cut: after=N[,seed=S] is meant, not 7",
        "--power-cut seed=1 | power is cut after 1 I/O or more",
        "--power-cut after=1 | --power-cut compares with what was written, and no job writes",
        "--power-cut after=1 --payload none | --power-cut compares bytes",
        "--rw write --power-cut after=1 --device ufs-ice-wrapped-32 | do not outlive power",
        "--verify --payload none | needs --payload real",
        "--verify | no job writes",
        "--ios 0 | --ios must be positive",
        "--size 1g --keys 1000000 | too few",
        "--keys 0 --key-dist loop | without keys",
        "nothere.fio | nothere.fio",
        "--json=/not/there/x --ios 1 | --json",
        "--json= --ios 1 | --json= names no file",
        "--slots -1 | --slots must be from 0 to 65535, is -1",
        "--slots 0 --ios 1 | the software fallback needs bytes",
        "--runtime 0 | time_based needs a runtime, so --runtime cannot be 0",
        ". | .: is a directory, not a job file",
        "--payload real --bs 1m --size 512t | no room for 562949953421312 bytes",
      })
  void aMistakeIsOneLineAndNothingRuns(String arguments, String message) {
    assertThat(workload.execute(arguments.split(" "))).isIn(1, 2);
    assertThat(workload.out()).isEmpty();
    assertThat(workload.err().lines()).hasSize(1).allMatch(line -> line.contains(message));
  }

  @Test
  void optionsOfJobsGoIntoTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("a.fio"), "[a]\nsize=1m\n");
    assertThat(workload.execute(file.toString(), "--bs", "4k")).isEqualTo(2);
    assertThat(workload.err()).contains("with a job file, --bs goes into the file");
  }

  @Test
  void anUnsupportedOptionOfAFileIsAUsageErrorThatNamesIt() throws IOException {
    Path file = Files.writeString(directory.resolve("a.fio"), "[a]\nioengine=libaio\n");
    assertThat(workload.execute(file.toString())).isEqualTo(2);
    assertThat(workload.err())
        .contains("a.fio: unknown or unsupported option ioengine in [a] line 2; supported are");
  }
}
