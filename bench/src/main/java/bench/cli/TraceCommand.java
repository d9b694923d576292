package bench.cli;

import bench.lesson.PathLesson;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trace}: one encrypted write and the read back, step by step. */
@Command(
    name = "trace",
    description = "Show one encrypted write and the read back, step by step.",
    sortOptions = false)
public final class TraceCommand implements Callable<Integer> {
  private static final int MAX_SLOTS = 0xFFFF; // a command names its slot in 16 bits

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "32",
      description = "Keyslots of the device; default: ${DEFAULT-VALUE}.")
  private int slots;

  @Mixin private final CryptOptions crypt = new CryptOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (slots < 1 || slots > MAX_SLOTS) {
      throw CliException.usage("--slots must be from 1 to " + MAX_SLOTS + ", is " + slots);
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean verified = new PathLesson(crypt.engine(), slots, crypt.strategy(), out).tell();
    out.flush();
    return verified ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
