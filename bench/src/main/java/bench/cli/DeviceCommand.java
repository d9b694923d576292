package bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code device}: what {@code --device} and {@code --media} can name. */
@Command(
    name = "device",
    description = "The devices and media that can be simulated, and where their numbers come from.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DeviceListCommand.class, DeviceShowCommand.class})
final class DeviceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
