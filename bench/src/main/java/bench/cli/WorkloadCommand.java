package bench.cli;

import bench.fio.FioJson;
import bench.fio.FioReport;
import bench.fio.FioText;
import bench.report.Json;
import bench.report.ReportFile;
import bench.workload.Job;
import bench.workload.PowerCut;
import bench.workload.UnsupportedJobException;
import bench.workload.WorkloadResult;
import bench.workload.WorkloadRun;
import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import inlinecrypt.keyslot.replacement.Replacement;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code workload}: fio-like jobs on a raw device with keys. */
@Command(
    name = "workload",
    description = {
      "Run fio-like jobs on a simulated device with keys, in virtual time.",
      "A job is given by options, or jobs by a fio job FILE, whose options ic_keys and ic_key_dist"
          + " are ours. Each key has a part of the device; sizes are powers of 1024, times are"
          + " seconds unless they say otherwise. Exit code 0 only if no I/O failed and all that was"
          + " compared was right."
    },
    sortOptions = false)
final class WorkloadCommand implements Runnable {
  private static final int PROGRESS_STEPS = 1000;

  @Mixin private final GivenJobs given = new GivenJobs();

  @Mixin private final PresetOptions preset = new PresetOptions();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "lru",
      description =
          "Which idle slot is programmed next: lru (the kernel's, default), fifo, clock, lfu,"
              + " sieve, s3-fifo, 2q, arc or w-tinylfu.")
  private String policy = "";

  @Mixin private final TrialOptions trial = new TrialOptions();

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = ReportOption.STDOUT,
      preprocessor = OnlyAttached.class,
      description = "Print JSON as fio does and no lines; with =FILE, write it there beside them.")
  private @Nullable String json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    List<Job> jobs = given.jobs();
    Replacement replacement = replacement();
    boolean real = trial.isPayloadReal();
    PowerCut cut = trial.powerCut();
    trial.checkComparable(jobs);
    DevicePreset devicePreset = preset.device();
    MediaPreset mediaPreset = preset.media();
    ReportFile jsonFile = ReportOption.file("--json", json);
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(DeviceModel.of(devicePreset, mediaPreset))
            .withReplacement(slotCount -> replacement.policy(slotCount, List.of()))
            .withFaults(trial.faultPlan(jobs.getFirst().seed()));
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

  private WorkloadResult run(
      List<Job> jobs, SimulationConfig config, boolean real, @Nullable PowerCut cut) {
    long deviceBytes = config.device().mediumBytes(WorkloadRun.deviceBytes(jobs));
    try (Medium medium = real ? memory(deviceBytes) : new NullMedium(deviceBytes);
        TerminalProgress progress = new TerminalProgress("workload", PROGRESS_STEPS)) {
      WorkloadRun run =
          new WorkloadRun(
              jobs,
              config,
              trial.verify(),
              System::nanoTime,
              share -> progress.stepTo((long) (share * PROGRESS_STEPS)));
      return cut == null ? run.run(medium) : run.runUntil(cut, medium);
    } catch (UnsupportedJobException unsupported) {
      throw CliException.usage(String.valueOf(unsupported.getMessage()));
    }
  }

  private static Medium memory(long deviceBytes) {
    try {
      return new MemoryMedium(deviceBytes);
    } catch (OutOfMemoryError e) {
      throw CliException.failure(
          "a real payload keeps the whole device in memory, and there is no room for "
              + deviceBytes
              + " bytes",
          e);
    }
  }

  private void print(FioReport report, @Nullable ReportFile jsonFile) {
    PrintWriter out = spec.commandLine().getOut();
    String jsonText = json == null ? "" : Json.text(FioJson.of(report));
    ReportOption.write(jsonFile, jsonText);
    out.print(ReportOption.STDOUT.equals(json) ? jsonText : FioText.of(report));
    out.flush();
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

  /** Takes a value only from {@code --json=FILE}, so that a job file can follow {@code --json}. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's type
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        arguments.push(ReportOption.STDOUT);
      }
      return false;
    }
  }
}
