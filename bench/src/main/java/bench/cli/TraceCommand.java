package bench.cli;

import bench.lesson.PathLesson;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trace}: one encrypted write and the read back, step by step. */
@Command(name = "trace", description = "Show one encrypted write and the read back, step by step.")
public final class TraceCommand implements Callable<Integer> {
  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "The cipher engine (default: the fastest that is here).")
  private @Nullable String engine;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "32",
      description = "Keyslots of the device (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (slots < 1 || slots > 0xFFFF) {
      throw CliException.usage("--slots must be from 1 to 65535, is " + slots);
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean verified = new PathLesson(chosenEngine(), slots, out).tell();
    out.flush();
    return verified ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private CipherEngine chosenEngine() {
    try {
      return engine == null
          ? CipherEngine.fastest(CryptoMode.AES_256_XTS)
          : CipherEngine.named(engine);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--engine: " + unknown.getMessage());
    } catch (IllegalStateException missing) {
      throw CliException.failure("--engine: " + missing.getMessage(), missing);
    }
  }
}
