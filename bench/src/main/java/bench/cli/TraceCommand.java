package bench.cli;

import bench.lesson.PathLesson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trace}: one encrypted write and the read back, step by step. */
@Command(
    name = "trace",
    description = "Show one encrypted write and the read back, step by step.",
    sortOptions = false)
public final class TraceCommand implements Callable<Integer> {
  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean verified =
        new PathLesson(device.engine(), device.slots(), device.strategy(), out).tell();
    out.flush();
    return verified ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
