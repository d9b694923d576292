package bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code image}: what one can do with a filesystem in an image file. */
@Command(
    name = "image",
    description = "Look into an image that run --image left, without changing it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ImageLsCommand.class, ImageGetCommand.class})
final class ImageCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
