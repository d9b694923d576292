package bench.workload;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fault.FaultPlan;
import blockdev.media.Medium;
import blockdev.queue.BlockQueue;
import blockdev.queue.QueueCounters;
import blockdev.sim.EventQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs on a device of their own, in virtual time. Each clone of a job has a queue pair. Jobs
 * run at the same time, except that one with a stonewall waits for those before it.
 */
public final class WorkloadRun {
  private static final long SMALLEST_DEVICE_BYTES = 1 << 20;

  private final List<Job> jobs;
  private final List<List<Job>> groups; // of jobs that run at the same time
  private final SimulationConfig config;
  private final boolean verify;
  private final LongSupplier wallNs;
  private final WorkloadProgress progress;

  /**
   * @param jobs in the order of the job file
   * @param config its host's queues and memory are made to fit
   * @param verify whether reads are compared with what was written, and all is read back at the end
   * @param wallNs the wall clock, for the speed of the simulation only
   */
  public WorkloadRun(
      List<Job> jobs,
      SimulationConfig config,
      boolean verify,
      LongSupplier wallNs,
      WorkloadProgress progress) {
    this.jobs = List.copyOf(jobs);
    groups = groups(jobs);
    this.config = config;
    this.verify = verify;
    this.wallNs = wallNs;
    this.progress = progress;
  }

  private static List<List<Job>> groups(List<Job> jobs) {
    List<List<Job>> groups = new ArrayList<>();
    for (Job job : jobs) {
      if (groups.isEmpty() || job.stonewall()) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(job);
    }
    return groups;
  }

  /** The smallest device that has room for all areas, in whole MiB. */
  public static long deviceBytes(List<Job> jobs) {
    long end =
        jobs.stream().mapToLong(job -> job.offsetBytes() + job.sizeBytes()).max().orElseThrow();
    return Math.ceilDiv(end, SMALLEST_DEVICE_BYTES) * SMALLEST_DEVICE_BYTES;
  }

  /**
   * Runs all jobs.
   *
   * @param medium as large as {@link #deviceBytes} or larger
   * @throws UnsupportedJobException if the device cannot do what a job asks for
   */
  public WorkloadResult run(Medium medium) throws UnsupportedJobException {
    SimulationConfig onHost = config.withHost(WorkloadHost.affordable(groups));
    try (Simulation simulation = new Simulation(onHost, medium)) {
      return new Pass(simulation, medium.carriesBytes(), null).run();
    }
  }

  /**
   * Runs the jobs until power is cut; then starts a device without faults on the same medium, reads
   * everything that was ever written, and compares it with what the rules of a volatile write cache
   * allow.
   *
   * @param medium one that carries bytes, all of them zeroes
   * @throws UnsupportedJobException if the device cannot do what a job asks for
   */
  public WorkloadResult runUntil(PowerCut cut, Medium medium) throws UnsupportedJobException {
    SimulationConfig onHost = config.withHost(WorkloadHost.affordable(groups));
    WorkloadResult result;
    VerifiedBlocks verified;
    long cutNs;
    try (Simulation simulation = new Simulation(onHost.withPowerCuts(), medium)) {
      Pass pass = new Pass(simulation, true, cut);
      result = pass.run();
      verified = Objects.requireNonNull(pass.verified);
      cutNs = simulation.time().nowNs();
    }
    WriteHistory history = Objects.requireNonNull(verified.history());
    try (Simulation simulation = new Simulation(onHost.withFaults(FaultPlan.NONE), medium)) {
      AfterPowerCut check =
          new AfterPowerCut(history, medium, simulation.queue().memory(), verified.unitBytes());
      new Pass(simulation, true, null).check(check);
      return result.withPowerCut(check.result(result.speed().ios(), cutNs));
    }
  }

  /** One run on one simulation. */
  private final class Pass {
    private final Simulation simulation;
    private final boolean bytesAreThere;
    private final @Nullable PowerCut cut;
    private final BlockQueue device;
    private final EventQueue events;
    private final AreaKeys keys;
    private @Nullable VerifiedBlocks verified;
    private boolean powerIsOff;

    Pass(Simulation simulation, boolean bytesAreThere, @Nullable PowerCut cut) {
      this.simulation = simulation;
      this.bytesAreThere = bytesAreThere;
      this.cut = cut;
      device = simulation.queue();
      events = device.submitter().events();
      keys = new AreaKeys(device, simulation.blkCrypto());
    }

    WorkloadResult run() throws UnsupportedJobException {
      try {
        makeKeys();
        verified =
            verify || cut != null
                ? VerifiedBlocks.of(groups, device.memory(), deviceBytes(jobs), cut != null)
                : null;
        long startNs = events.nowNs();
        RunShare share = new RunShare(groups);
        RunMeter meter =
            new RunMeter(wallNs, ios -> progress.at(share.at(events.nowNs() - startNs, ios)));
        List<JobStats> stats = new ArrayList<>();
        for (int groupId = 0; groupId < groups.size() && !powerIsOff; groupId++) {
          stats.addAll(runGroup(groupId, meter));
        }
        RunSpeed speed = meter.speed((events.nowNs() - startNs) / 1e9);
        QueueCounters counters = device.counters();
        long hash = simulation.eventLogHash();
        VerifyResult result = verified == null ? null : readBack(verified);
        Recovery recovery = Recovery.of(simulation.driver(), device.counters());
        return new WorkloadResult(
            stats, speed, counters, hash, simulation.faults(), recovery, result, null);
      } finally {
        closeKeys();
      }
    }

    /** Checks all areas after a power cut. */
    void check(AfterPowerCut check) throws UnsupportedJobException {
      try {
        makeKeys();
        for (RegionKeys area : keys.all()) {
          check.check(area, keys.submitter());
        }
      } finally {
        closeKeys();
      }
    }

    private void makeKeys() throws UnsupportedJobException {
      keys.makeFor(jobs, bytesAreThere, verify || cut != null, cut != null);
    }

    /** Where power is off, slots and requests have keys that nobody can take from them. */
    private void closeKeys() {
      if (!powerIsOff) {
        keys.evictAndClose();
      }
    }

    private List<JobStats> runGroup(int groupId, RunMeter meter) {
      GroupRun group = new GroupRun(groupId, groups.get(groupId), device, keys, verified, meter);
      if (cut != null) {
        group.endAfter(cut.afterIos() - meter.ios());
      }
      group.run();
      if (cut != null && (meter.ios() == cut.afterIos() || groupId == groups.size() - 1)) {
        simulation.cutPower(cut.seed());
        powerIsOff = true;
      } else {
        group.freePages();
      }
      return group.stats();
    }

    private VerifyResult readBack(VerifiedBlocks written) {
      String failure = null;
      for (RegionKeys area : powerIsOff ? List.<RegionKeys>of() : keys.all()) {
        String itsFailure = new ReadBack(area, written, keys.submitter()).run(device.memory());
        failure = failure == null ? itsFailure : failure;
      }
      String mismatch = written.firstMismatch();
      return new VerifyResult(
          written.unitBytes(),
          written.comparedUnits(),
          written.mismatches(),
          mismatch == null ? failure : mismatch);
    }
  }
}
