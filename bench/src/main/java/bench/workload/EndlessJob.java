package bench.workload;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.Medium;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.ArrayList;
import java.util.List;

/**
 * A job that goes on as far as it is told and then stands still, its I/Os under way: for measuring
 * how fast a simulation is once it runs. Its keys stay open, for those I/Os never end.
 */
public final class EndlessJob implements AutoCloseable {
  private final Simulation simulation;
  private final JobRun run;
  private final RunMeter meter = new RunMeter(() -> 0, ios -> {});
  private final BioSubmitter waiting;
  private final WaitPoint reached = new WaitPoint();

  /**
   * @param job with raw keys; nothing ends it but its time
   */
  public EndlessJob(Job job, SimulationConfig config, Medium medium) {
    simulation = new Simulation(config.withHost(WorkloadHost.of(List.of(List.of(job)))), medium);
    BlockQueue device = simulation.queue();
    waiting = device.submitter();
    KeyRegions regions = job.regions();
    CryptoConfig crypto =
        new CryptoConfig(CryptoMode.AES_256_XTS, regions.dataUnitBytes(), regions.dunBytes());
    RegionKeys keys =
        new RegionKeys(regions, new KeySet(crypto, regions.keys(), job.seed()), false);
    List<BioSubmitter> submitters = new ArrayList<>();
    for (int index = 0; index < job.clones(); index++) {
      submitters.add(device.submitter(device.threads().get(index)));
    }
    run = new JobRun(job, 0, keys, null, meter, submitters, device.memory(), () -> {});
    waiting.events().schedule(() -> run.begin(waiting.events().nowNs()), 0);
  }

  /**
   * Goes on until so many more I/Os have ended.
   *
   * @throws IllegalStateException if one of them failed
   */
  public void advance(long ios) {
    reached.reset();
    meter.signalAfter(ios, reached);
    waiting.await(reached);
    if (run.hasFailed()) {
      throw new IllegalStateException(String.valueOf(run.stats().getFirst().firstFailure()));
    }
  }

  public KeyslotCounters keyslots() {
    return simulation.queue().keyslots().counters();
  }

  public long eventLogHash() {
    return simulation.eventLogHash();
  }

  @Override
  public void close() {
    simulation.close();
  }
}
