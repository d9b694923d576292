package bench.cli;

import bench.fio.JobFile;
import bench.fio.JobOptions;
import bench.workload.Job;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The jobs that are given on a command line: those of a fio job file, or one by its options. */
final class GivenJobs {
  private static final String NAME = "--name";
  private static final String IOS = "--ios";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "A fio job file; then no options of jobs can be given here.")
  private @Nullable Path file;

  @Option(
      names = NAME,
      paramLabel = "NAME",
      description = "Name of the job in the report; default: its --rw.")
  private @Nullable String name;

  @Option(
      names = {"--rw", "--readwrite"},
      paramLabel = "HOW",
      description = "read (default), write, randread, randwrite, rw, randrw or trim.")
  private @Nullable String rw;

  @Option(names = "--bs", paramLabel = "SIZE", description = "Bytes of an I/O; default: 4k.")
  private @Nullable String bs;

  @Option(
      names = "--bssplit",
      paramLabel = "LIST",
      description = "Several sizes with percents, such as 4k/60:64k/40.")
  private @Nullable String bssplit;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "The area that the job works on, and so the size of the device; default: 1g.")
  private @Nullable String size;

  @Option(
      names = "--offset",
      paramLabel = "SIZE",
      description = "Where the area begins; default: 0.")
  private @Nullable String offset;

  @Option(
      names = {"--io-size", "--io_size"},
      paramLabel = "SIZE",
      description = "What each clone moves; default: as much as the area is large.")
  private @Nullable String ioSize;

  @Option(
      names = IOS,
      paramLabel = "N",
      description =
          "I/Os of all clones together; then the size ends nothing. (number_ios of a job file"
              + " counts for each clone.)")
  private @Nullable Long ios;

  @Option(
      names = "--runtime",
      paramLabel = "TIME",
      description = "Virtual time to go on for, whatever is moved: time_based is implied.")
  private @Nullable String runtime;

  @Option(
      names = {"--ramp-time", "--ramp_time"},
      paramLabel = "TIME",
      description = "Virtual time before that which does not count.")
  private @Nullable String rampTime;

  @Option(
      names = "--iodepth",
      paramLabel = "N",
      description = "I/Os that a clone has under way; default: 1.")
  private @Nullable String iodepth;

  @Option(
      names = "--numjobs",
      paramLabel = "N",
      description = "Clones, each with a queue pair; the report adds them up; default: 1.")
  private @Nullable String numjobs;

  @Option(
      names = "--rwmixread",
      paramLabel = "PERCENT",
      description = "Reads of rw and randrw; default: 50.")
  private @Nullable String rwmixread;

  @Option(
      names = {"--random-distribution", "--random_distribution"},
      paramLabel = "DIST",
      description =
          "Which blocks random I/Os go to: random (default), zipf:THETA, pareto:H, normal:PERCENT"
              + " or zoned:ACCESS/SIZE:...")
  private @Nullable String randomDistribution;

  @Option(
      names = "--fsync",
      paramLabel = "N",
      description = "Flush the device after N writes of a clone; default: never.")
  private @Nullable String fsync;

  @Option(
      names = {"--rate-iops", "--rate_iops"},
      paramLabel = "N",
      description = "I/Os that a clone starts in a second at most.")
  private @Nullable String rateIops;

  @Option(
      names = "--thinktime",
      paramLabel = "TIME",
      description = "What a clone waits after an I/O, in us unless it says otherwise.")
  private @Nullable String thinktime;

  @Option(
      names = {"--percentile-list", "--percentile_list"},
      paramLabel = "LIST",
      description = "Percentiles of completion latency, such as 50:99:99.9.")
  private @Nullable String percentileList;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Keys, each for a part of the area of its own; 0: plain I/O; default: 1.")
  private @Nullable String keys;

  @Option(
      names = "--key-dist",
      paramLabel = "DIST",
      description =
          "Which keys I/Os use: as --random-distribution, or loop (in turn); default: what follows"
              + " from the blocks.")
  private @Nullable String keyDist;

  @Option(
      names = {"--seed", "--randseed"},
      paramLabel = "N",
      description = "Chooses the I/Os; the same seed gives the same run; default: 1.")
  private @Nullable String seed;

  @Spec private CommandSpec spec; // of what is here, and nothing else

  /**
   * @throws CliException if there are none
   */
  List<Job> jobs() {
    if (file == null) {
      return List.of(jobOfOptions());
    }
    for (OptionSpec option : spec.options()) {
      if (option.getValue() != null) {
        throw CliException.usage("with a job file, " + nameOf(option) + " goes into the file");
      }
    }
    return jobsOf(file);
  }

  private Job jobOfOptions() {
    if (ios != null && ios < 1) {
      throw CliException.usage(IOS + " must be positive, is " + ios);
    }
    try {
      JobOptions job = new JobOptions();
      for (OptionSpec option : spec.options()) {
        String itsName = nameOf(option);
        Object value = option.getValue();
        if (value != null && !itsName.equals(NAME) && !itsName.equals(IOS)) {
          job.set(fioName(itsName), value.toString(), " (" + itsName + ")");
        }
      }
      job.set("group_reporting", "1", "");
      if (runtime != null) {
        job.set("time_based", "1", ", so --runtime cannot be " + runtime);
      }
      return job.job(name != null ? name : rw != null ? rw : "read", ios == null ? 0 : ios);
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  private static String nameOf(OptionSpec option) {
    return option.names()[0];
  }

  private static String fioName(String option) {
    return switch (option) {
      case "--keys" -> "ic_keys";
      case "--key-dist" -> "ic_key_dist";
      case "--seed" -> "randseed";
      default -> option.substring(2).replace('-', '_');
    };
  }

  private static List<Job> jobsOf(Path file) {
    if (Files.isDirectory(file)) {
      throw CliException.usage(file + ": is a directory, not a job file");
    }
    try {
      return JobFile.jobs(Files.readAllLines(file));
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage(file + ": " + wrong.getMessage());
    } catch (MalformedInputException binary) {
      throw CliException.usage(file + ": is no text");
    } catch (IOException unreadable) {
      throw CliException.failure(unreadable);
    }
  }
}
