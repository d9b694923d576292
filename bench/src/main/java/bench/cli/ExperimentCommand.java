package bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code experiment}: names the experiments. */
@Command(
    name = "experiment",
    description = "Run one of the studies, in virtual time.",
    synopsisSubcommandLabel = "EXPERIMENT",
    subcommands = {SlotsCommand.class})
final class ExperimentCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no experiment given");
  }
}
