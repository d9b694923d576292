package bench.workload;

import blockdev.HostModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fault.FaultPlan;
import blockdev.media.Medium;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockQueue;
import blockdev.queue.IoThread;
import blockdev.queue.QueueCounters;
import blockdev.queue.Scheduler;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.sim.EventQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs on a device of their own, in virtual time. Each clone of a job has a queue pair. Jobs
 * run at the same time, except that one with a stonewall waits for those before it.
 *
 * <p>The host has one request more than the deepest job has I/Os under way, for one is still held
 * while its successor starts. So none waits for a tag or in the elevator, and nothing merges: as
 * many requests need a keyslot as there are I/Os.
 */
public final class WorkloadRun {
  private static final long SMALLEST_DEVICE_BYTES = 1 << 20;
  private static final long MAX_VERIFIED_UNITS = 1 << 30;
  private static final long MEMORY_RUN_BYTES = 64 * 1024;
  private static final long MOST_MEMORY_BYTES = 16L << 30;
  private static final long OTHER_MEMORY_BYTES = 64L << 20;
  private static final int RING_ENTRY_BYTES = 80; // of both rings

  private final List<Job> jobs;
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
    this.config = config;
    this.verify = verify;
    this.wallNs = wallNs;
    this.progress = progress;
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
    List<List<Job>> groups = groups();
    HostModel host = affordableHost(groups);
    try (Simulation simulation = new Simulation(config.withHost(host), medium)) {
      return new Pass(simulation, medium.carriesBytes(), groups, null).run();
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
    List<List<Job>> groups = groups();
    HostModel host = affordableHost(groups);
    WorkloadResult result;
    VerifiedBlocks verified;
    long cutNs;
    try (Simulation simulation = new Simulation(config.withHost(host).withPowerCuts(), medium)) {
      Pass pass = new Pass(simulation, true, groups, cut);
      result = pass.run();
      verified = Objects.requireNonNull(pass.verified);
      cutNs = simulation.time().nowNs();
    }
    WriteHistory history = Objects.requireNonNull(verified.history());
    try (Simulation simulation =
        new Simulation(config.withHost(host).withFaults(FaultPlan.NONE), medium)) {
      AfterPowerCut check =
          new AfterPowerCut(history, medium, simulation.queue().memory(), verified.unitBytes());
      new Pass(simulation, true, groups, null).check(check);
      return result.withPowerCut(check.result(result.speed().ios(), cutNs));
    }
  }

  private static HostModel affordableHost(List<List<Job>> groups) throws UnsupportedJobException {
    HostModel host = host(groups);
    if (host.memoryBytes() > MOST_MEMORY_BYTES) {
      throw new UnsupportedJobException(
          "the I/Os under way need "
              + host.memoryBytes()
              + " bytes of host memory, and there are at most "
              + MOST_MEMORY_BYTES);
    }
    return host;
  }

  private List<List<Job>> groups() {
    List<List<Job>> groups = new ArrayList<>();
    for (Job job : jobs) {
      if (groups.isEmpty() || job.stonewall()) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(job);
    }
    return groups;
  }

  /** Queue pairs for all clones of a group, and memory for its pages. */
  static HostModel host(List<List<Job>> groups) {
    int queuePairs = 1;
    int depth = 1;
    long pageBytes = 0;
    for (List<Job> group : groups) {
      int clones = 0;
      long groupBytes = 0;
      for (Job job : group) {
        clones += job.clones();
        depth = Math.max(depth, job.depth() + 1);
        long laneBytes = Long.highestOneBit(2L * job.blockSizes().largestBytes() - 1);
        groupBytes += laneBytes * job.depth() * job.clones();
      }
      queuePairs = Math.max(queuePairs, clones);
      pageBytes = Math.max(pageBytes, groupBytes);
    }
    long queueBytes =
        (long) queuePairs * ((depth + 1) * (4096L + RING_ENTRY_BYTES) + 2 * MEMORY_RUN_BYTES);
    long memoryBytes =
        Math.ceilDiv(pageBytes + queueBytes + OTHER_MEMORY_BYTES, MEMORY_RUN_BYTES)
            * MEMORY_RUN_BYTES;
    return new HostModel(
        queuePairs, depth, Scheduler.NONE, Math.max(memoryBytes, HostModel.DEFAULT.memoryBytes()));
  }

  /** One run on one simulation. */
  private final class Pass {
    private final Simulation simulation;
    private final boolean bytesAreThere;
    private final BlockQueue device;
    private final BlkCrypto blkCrypto;
    private final EventQueue events;
    private final List<List<Job>> groups;
    private final @Nullable PowerCut cut;
    private boolean powerIsOff;
    private final Map<KeyRegions, RegionKeys> areas = new LinkedHashMap<>();
    private @Nullable VerifiedBlocks verified;

    Pass(
        Simulation simulation,
        boolean bytesAreThere,
        List<List<Job>> groups,
        @Nullable PowerCut cut) {
      this.cut = cut;
      this.simulation = simulation;
      this.bytesAreThere = bytesAreThere;
      this.groups = groups;
      device = simulation.queue();
      blkCrypto = simulation.blkCrypto();
      events = device.submitter().events();
    }

    WorkloadResult run() throws UnsupportedJobException {
      try {
        makeKeys();
        verified = verify || cut != null ? verifiedBlocks() : null;
        long startNs = events.nowNs();
        RunMeter meter = new RunMeter(wallNs, done -> progress.at(share(startNs, done)));
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

    /** Where power is off, slots and requests have keys that nobody can take from them. */
    private void closeKeys() {
      for (RegionKeys area : areas.values()) {
        if (area.keys() != null && !powerIsOff) {
          area.keys().evictFrom(blkCrypto, device);
          area.keys().close();
        }
      }
    }

    void check(AfterPowerCut check) throws UnsupportedJobException {
      try {
        makeKeys();
        for (RegionKeys area : areas.values()) {
          check.check(area, blkCrypto.submitter(device));
        }
      } finally {
        closeKeys();
      }
    }

    private void makeKeys() throws UnsupportedJobException {
      int blockBytes = device.limits().logicalBlockBytes();
      for (Job job : jobs) {
        KeyRegions regions = job.regions();
        if (regions.dataUnitBytes() < blockBytes) {
          throw new UnsupportedJobException(
              "job "
                  + job.name()
                  + ": offset and block sizes must be multiples of the device's block of "
                  + blockBytes
                  + " bytes");
        }
        if (!areas.containsKey(regions)) {
          if ((verify || cut != null) && areas.keySet().stream().anyMatch(regions::overlaps)) {
            throw new UnsupportedJobException(
                "job "
                    + job.name()
                    + ": under verify, areas of jobs must be the same, with the same keys, or"
                    + " apart");
          }
          areas.put(
              regions,
              new RegionKeys(regions, keysFor(job, regions), device.profile().dunIsAddress()));
        }
      }
    }

    private @Nullable KeySet keysFor(Job job, KeyRegions regions) throws UnsupportedJobException {
      if (regions.keys() == 0) {
        if (device.profile().dunIsAddress()) {
          throw new UnsupportedJobException(
              "job " + job.name() + ": the device takes no data without a key");
        }
        return null;
      }
      CryptoConfig crypto =
          new CryptoConfig(CryptoMode.AES_256_XTS, regions.dataUnitBytes(), regions.dunBytes());
      long seed = SeededStream.mix(job.seed() + areas.size());
      boolean wrapped = device.profile().hasModes() && !device.profile().takes(KeyType.RAW);
      if (wrapped && cut != null) {
        throw new UnsupportedJobException(
            "job " + job.name() + ": keys that this device has wrapped do not outlive power");
      }
      KeySet keys =
          wrapped
              ? KeySet.wrapped(crypto, regions.keys(), device)
              : new KeySet(crypto, regions.keys(), seed);
      if (!bytesAreThere && !BlkCrypto.isNativelySupported(device, keys.key(0).config())) {
        keys.close();
        throw new UnsupportedJobException(
            "job "
                + job.name()
                + ": the device cannot encrypt this itself, and the software fallback needs bytes"
                + " to encrypt: run it with a real payload");
      }
      Errno errno = blkCrypto.startUsing(device, keys.key(0));
      if (errno != Errno.OK) {
        keys.close();
        throw new UnsupportedJobException(
            "job "
                + job.name()
                + ": the device takes no "
                + keys.key(0).config()
                + ", and nothing else does ("
                + errno
                + ")");
      }
      return keys;
    }

    private VerifiedBlocks verifiedBlocks() throws UnsupportedJobException {
      int unitBytes =
          areas.keySet().stream().mapToInt(KeyRegions::dataUnitBytes).min().orElseThrow();
      for (List<Job> group : groups) {
        checkRoomBeside(group);
      }
      if (deviceBytes(jobs) / unitBytes > MAX_VERIFIED_UNITS) {
        throw new UnsupportedJobException(
            "verify keeps track of at most " + MAX_VERIFIED_UNITS + " units of " + unitBytes);
      }
      return new VerifiedBlocks(device.memory(), deviceBytes(jobs), unitBytes, cut != null);
    }

    /** An I/O that would overlap another goes beside it: that must be possible. */
    private static void checkRoomBeside(List<Job> group) throws UnsupportedJobException {
      for (Job job : group) {
        KeyRegions regions = job.regions();
        long largest = job.blockSizes().largestBytes();
        long step = job.blockSizes().smallestBytes();
        long places = regions.count() * ((regions.regionBytes() - largest) / step + 1);
        long taken = 0;
        for (Job other : group) {
          if (other.regions().overlaps(regions)) {
            long reach = largest + other.blockSizes().largestBytes();
            boolean inStep = other.blockSizes().areMultiplesOf(step);
            long each = inStep ? reach / step - 1 : Math.ceilDiv(reach, step);
            taken += (long) other.clones() * other.depth() * each;
          }
        }
        if (places <= taken) {
          throw new UnsupportedJobException(
              "job "
                  + job.name()
                  + ": under verify, I/Os must not overlap, and there is no room for so many at a"
                  + " time");
        }
      }
    }

    private List<JobStats> runGroup(int groupId, RunMeter meter) {
      List<Job> group = groups.get(groupId);
      WaitPoint allDone = new WaitPoint();
      int[] clonesLeft = {group.stream().mapToInt(Job::clones).sum()};
      Runnable cloneDone =
          () -> {
            if (--clonesLeft[0] == 0 && !allDone.isSignalled()) {
              allDone.signal();
            }
          };
      if (cut != null) {
        meter.signalAfter(cut.afterIos() - meter.ios(), allDone);
      }
      List<JobRun> runs = new ArrayList<>();
      int firstThread = 0;
      for (Job job : group) {
        List<BioSubmitter> submitters = new ArrayList<>();
        for (int index = 0; index < job.clones(); index++) {
          submitters.add(submitter(job, device.threads().get(firstThread + index)));
        }
        firstThread += job.clones();
        RegionKeys keys = areas.get(job.regions());
        assert keys != null : job;
        runs.add(
            new JobRun(
                job, groupId, keys, verified, meter, submitters, device.memory(), cloneDone));
      }
      KeyslotCounters[] before = {device.keyslots().counters()};
      for (JobRun run : runs) {
        events.schedule(() -> run.begin(events.nowNs()), 0);
        if (run.job().rampNs() > 0) {
          events.schedule(() -> run.startCounting(events.nowNs()), run.job().rampNs());
        }
      }
      long rampNs = group.stream().mapToLong(Job::rampNs).max().orElseThrow();
      if (rampNs > 0) {
        events.schedule(() -> before[0] = device.keyslots().counters(), rampNs);
      }
      device.submitter().await(allDone);
      if (cut != null && (meter.ios() == cut.afterIos() || groupId == groups.size() - 1)) {
        simulation.cutPower(cut.seed());
        powerIsOff = true;
      }
      KeyslotUse use =
          KeyslotUse.between(device.profile().slotCount(), before[0], device.keyslots().counters());
      List<JobStats> stats = new ArrayList<>();
      for (JobRun run : runs) {
        if (!powerIsOff) {
          run.freePages();
        }
        for (JobStats each : run.stats()) {
          each.used(use);
          stats.add(each);
        }
      }
      return stats;
    }

    /** Past blk-crypto where the device does all itself, so that nothing is between. */
    private BioSubmitter submitter(Job job, IoThread thread) {
      RegionKeys area = areas.get(job.regions());
      assert area != null : job;
      return area.keys() == null
              || BlkCrypto.isNativelySupported(device, area.keys().key(0).config())
          ? device.submitter(thread)
          : blkCrypto.submitter(device, thread);
    }

    private VerifyResult readBack(VerifiedBlocks verified) {
      String failure = null;
      for (RegionKeys area : powerIsOff ? List.<RegionKeys>of() : areas.values()) {
        String itsFailure =
            new ReadBack(area, verified, blkCrypto.submitter(device)).run(device.memory());
        failure = failure == null ? itsFailure : failure;
      }
      String mismatch = verified.firstMismatch();
      return new VerifyResult(
          verified.unitBytes(),
          verified.comparedUnits(),
          verified.mismatches(),
          mismatch == null ? failure : mismatch);
    }

    /** How much of what ends the jobs is done, by time or by I/Os. */
    private double share(long startNs, long iosDone) {
      long runtimeNs = 0;
      double ios = 0;
      for (List<Job> group : groups) {
        runtimeNs +=
            group.stream().mapToLong(job -> job.rampNs() + job.runtimeNs()).max().orElseThrow();
        ios += group.stream().mapToDouble(WorkloadRun::mostIos).sum();
      }
      double byTime = runtimeNs == 0 ? 0 : (double) (events.nowNs() - startNs) / runtimeNs;
      return Math.min(1, Math.max(byTime, iosDone / ios));
    }
  }

  private static double mostIos(Job job) {
    double byBytes =
        job.timeBased()
            ? Double.POSITIVE_INFINITY
            : (double) job.ioBytes() * job.clones() / job.blockSizes().smallestBytes();
    return Math.min(byBytes, job.ios() == 0 ? Double.POSITIVE_INFINITY : job.ios());
  }
}
