package bench.cli;

import bench.fio.FioJson;
import bench.fio.FioReport;
import bench.fio.FioText;
import bench.fio.JobFile;
import bench.fio.JobOptions;
import bench.report.Json;
import bench.report.ReportFile;
import bench.workload.IoDirection;
import bench.workload.Job;
import bench.workload.PowerCut;
import bench.workload.UnsupportedJobException;
import bench.workload.WorkloadResult;
import bench.workload.WorkloadRun;
import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.fault.Fault;
import blockdev.fault.FaultPlan;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import inlinecrypt.keyslot.replacement.Replacement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code workload}: fio-like jobs on a raw device with keys. */
@Command(
    name = "workload",
    description =
        "Run fio-like jobs on a simulated device with keys, in virtual time. A job is given by"
            + " options, or jobs by a fio job FILE, whose options ic_keys and ic_key_dist are ours."
            + " Each key has a part of the device; sizes are powers of 1024, times are seconds"
            + " unless they say otherwise. Exit code 0 only if no I/O failed and all that was"
            + " compared was right.",
    sortOptions = false)
final class WorkloadCommand implements Runnable {
  private static final String STDOUT = "-";
  private static final int PROGRESS_STEPS = 1000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "A fio job file; then no options of jobs can be given here.")
  private @Nullable Path file;

  @Option(
      names = "--name",
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
      names = "--ios",
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

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = DevicePreset.DEFAULT,
      description = "How keys get into the device, see device list; default: ${DEFAULT-VALUE}.")
  private String device = "";

  @Option(
      names = "--media",
      paramLabel = "NAME",
      defaultValue = MediaPreset.DEFAULT,
      description = "What it is made of, see device list; default: ${DEFAULT-VALUE}.")
  private String media = "";

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Keyslots, if not as many as the preset has.")
  private @Nullable Integer slots;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "lru",
      description =
          "Which idle slot is programmed next: lru (the kernel's, default), fifo, clock, lfu,"
              + " sieve, s3-fifo, 2q, arc or w-tinylfu.")
  private String policy = "";

  @Option(
      names = "--payload",
      paramLabel = "WHAT",
      description =
          "none (default): no bytes move, all else is the same; real: they are encrypted and kept.")
  private @Nullable String payload;

  @Option(
      names = "--verify",
      description =
          "Compare what is read with what was written, and read all back at the end; implies"
              + " --payload real.")
  private boolean verify;

  @Option(
      names = "--fault",
      paramLabel = "SPEC",
      description = {
        "Something that goes wrong in the device, such as read-error:lba=0-99,times=all or",
        "lost-write:p=0.001; can be given several times. The kinds are read-error, write-error,",
        "flush-error, bit-rot, misdirected-write, lost-write, hang, stuck-queue, program-error and",
        "wrong-key, the keys lba, nsid, slot, nth, times, p and at. An I/O that fails ends the jobs."
      })
  private List<String> faults = List.of();

  @Option(
      names = "--power-cut",
      paramLabel = "WHEN",
      description =
          "after=N[,seed=S]: cut the power when N I/Os have ended, start the device again, and"
              + " compare what each block holds with what it may hold; implies --payload real.")
  private @Nullable String powerCut;

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = STDOUT,
      preprocessor = OnlyAttached.class,
      description = "Print JSON as fio does and no lines; with =FILE, write it there beside them.")
  private @Nullable String json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    List<Job> jobs = jobs();
    Replacement replacement = replacement();
    boolean real = isPayloadReal();
    PowerCut cut = powerCut();
    if (verify) {
      checkVerifiable("--verify", jobs, real);
    }
    if (cut != null) {
      checkVerifiable("--power-cut", jobs, real);
    }
    DevicePreset devicePreset = devicePreset();
    MediaPreset mediaPreset = mediaPreset();
    ReportFile jsonFile = jsonFile();
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(DeviceModel.of(devicePreset, mediaPreset))
            .withReplacement(slotCount -> replacement.policy(slotCount, List.of()))
            .withFaults(faultPlan(jobs.getFirst().seed(), real));
    WorkloadResult result = run(jobs, config, real, cut);
    FioReport report =
        new FioReport(
            result,
            Main.Version.number(),
            System.currentTimeMillis(),
            devicePreset.name(),
            mediaPreset.name(),
            real ? "real" : "none",
            replacement.label());
    print(report, jsonFile);
    List<String> problems = result.problems();
    if (!problems.isEmpty()) {
      String more = problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "";
      throw CliException.failure(problems.getFirst() + more);
    }
  }

  private FaultPlan faultPlan(long faultSeed, boolean real) {
    FaultPlan plan;
    try {
      plan = new FaultPlan(faultSeed, faults.stream().map(Fault::parse).toList());
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage(String.valueOf(wrong.getMessage()));
    }
    if (plan.showsOnlyInData() && !real) {
      throw CliException.usage(
          "a --fault that shows in nothing but data needs --verify or --payload real");
    }
    return plan;
  }

  private @Nullable PowerCut powerCut() {
    try {
      return powerCut == null ? null : PowerCut.parse(powerCut);
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage("--power-cut: " + wrong.getMessage());
    }
  }

  private WorkloadResult run(
      List<Job> jobs, SimulationConfig config, boolean real, @Nullable PowerCut cut) {
    long deviceBytes = config.device().mediumBytes(WorkloadRun.deviceBytes(jobs));
    try (Medium medium = real ? new MemoryMedium(deviceBytes) : new NullMedium(deviceBytes);
        TerminalProgress progress = new TerminalProgress("workload", PROGRESS_STEPS)) {
      WorkloadRun run =
          new WorkloadRun(
              jobs,
              config,
              verify,
              System::nanoTime,
              share -> progress.stepTo((long) (share * PROGRESS_STEPS)));
      return cut == null ? run.run(medium) : run.runUntil(cut, medium);
    } catch (UnsupportedJobException unsupported) {
      throw CliException.usage(String.valueOf(unsupported.getMessage()));
    }
  }

  private void print(FioReport report, @Nullable ReportFile jsonFile) {
    PrintWriter out = spec.commandLine().getOut();
    String jsonText = json == null ? "" : Json.text(FioJson.of(report));
    if (jsonFile != null) {
      try {
        jsonFile.write(jsonText);
      } catch (IOException e) {
        throw CliException.failure("cannot write the report: " + e.getMessage(), e);
      }
    }
    out.print(STDOUT.equals(json) ? jsonText : FioText.of(report));
    out.flush();
  }

  private List<Job> jobs() {
    Map<String, @Nullable String> options = jobOptions();
    if (file != null) {
      for (Map.Entry<String, @Nullable String> option : options.entrySet()) {
        if (option.getValue() != null) {
          throw CliException.usage("with a job file, " + option.getKey() + " goes into the file");
        }
      }
      if (ios != null || name != null) {
        throw CliException.usage(
            "with a job file, " + (ios == null ? "--name" : "--ios") + " goes into the file");
      }
      return jobsOf(file);
    }
    if (ios != null && ios < 1) {
      throw CliException.usage("--ios must be positive, is " + ios);
    }
    try {
      JobOptions job = new JobOptions();
      options.forEach((option, value) -> {
        if (value != null) {
          job.set(jobOption(option), value, " (" + option + ")");
        }
      });
      job.set("group_reporting", "1", "");
      if (runtime != null) {
        job.set("time_based", "1", "");
      }
      return List.of(
          job.job(name != null ? name : rw != null ? rw : "read", ios == null ? 0 : ios));
    } catch (IllegalArgumentException wrong) {
      throw CliException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  private static List<Job> jobsOf(Path file) {
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

  /** The options that a job file has too, by what they are called here. */
  private Map<String, @Nullable String> jobOptions() {
    Map<String, @Nullable String> options = new LinkedHashMap<>();
    options.put("--rw", rw);
    options.put("--bs", bs);
    options.put("--bssplit", bssplit);
    options.put("--size", size);
    options.put("--offset", offset);
    options.put("--io-size", ioSize);
    options.put("--runtime", runtime);
    options.put("--ramp-time", rampTime);
    options.put("--iodepth", iodepth);
    options.put("--numjobs", numjobs);
    options.put("--rwmixread", rwmixread);
    options.put("--random-distribution", randomDistribution);
    options.put("--fsync", fsync);
    options.put("--rate-iops", rateIops);
    options.put("--thinktime", thinktime);
    options.put("--percentile-list", percentileList);
    options.put("--keys", keys);
    options.put("--key-dist", keyDist);
    options.put("--seed", seed);
    return options;
  }

  private static String jobOption(String option) {
    return switch (option) {
      case "--keys" -> "ic_keys";
      case "--key-dist" -> "ic_key_dist";
      case "--seed" -> "randseed";
      default -> option.substring(2).replace('-', '_');
    };
  }

  private DevicePreset devicePreset() {
    try {
      return slots == null ? DevicePreset.named(device) : DevicePreset.named(device, slots);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--device: " + unknown.getMessage());
    }
  }

  private MediaPreset mediaPreset() {
    try {
      return MediaPreset.named(media);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--media: " + unknown.getMessage());
    }
  }

  private Replacement replacement() {
    Replacement replacement;
    try {
      replacement = Replacement.named(policy);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--policy: " + unknown.getMessage());
    }
    if (replacement == Replacement.BELADY) {
      throw CliException.usage(
          "--policy belady needs to know the future, and I/Os are made one by one");
    }
    return replacement;
  }

  private boolean isPayloadReal() {
    if (payload == null) {
      return verify || powerCut != null;
    }
    return switch (payload) {
      case "none" -> false;
      case "real" -> true;
      default -> throw CliException.usage("--payload is none or real, not " + payload);
    };
  }

  private static void checkVerifiable(String option, List<Job> jobs, boolean real) {
    if (!real) {
      throw CliException.usage(option + " compares bytes: it needs --payload real");
    }
    if (jobs.stream().noneMatch(job -> job.readWrite().does(IoDirection.WRITE))) {
      throw CliException.usage(option + " compares with what was written, and no job writes");
    }
    if (jobs.stream().anyMatch(job -> job.readWrite().does(IoDirection.TRIM))) {
      throw CliException.usage(option + " cannot say what is read after trim");
    }
  }

  private @Nullable ReportFile jsonFile() {
    if (json == null || json.equals(STDOUT)) {
      return null;
    }
    try {
      return new ReportFile(Path.of(json));
    } catch (IOException e) {
      throw CliException.usage("--json " + e.getMessage());
    }
  }

  /** Takes a value only from {@code --json=FILE}, so that a job file can follow {@code --json}. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's type
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        arguments.push(STDOUT);
      }
      return false;
    }
  }
}
