package blockdev;

import blockdev.fault.ArmedFaults;
import blockdev.fault.FaultCounters;
import blockdev.media.Medium;
import blockdev.media.VolatileMedium;
import blockdev.memory.HostMemory;
import blockdev.nvme.controller.InlineCryptoUnit;
import blockdev.nvme.controller.Namespace;
import blockdev.nvme.controller.NvmeController;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.nvme.driver.NvmeDisk;
import blockdev.nvme.driver.NvmeDriver;
import blockdev.queue.BlockQueue;
import blockdev.queue.IoThreads;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.queue.crypto.Fallback;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.SimulationEnded;
import blockdev.sim.StationUse;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A device on a medium, its driver, its block layer and blk-crypto, ready for bios: the one place
 * where the parts are wired together.
 *
 * <pre>
 * try (Medium medium = new MemoryMedium(1L &lt;&lt; 30);
 *     Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
 *   simulation.queue().submitter().submit(bio);
 *   …
 * }
 * </pre>
 *
 * <p>More devices, for layers over them, share time, host memory and threads with the first; see
 * {@link #attach}. The media stay the caller's, who reads them past the devices, and closes them
 * after this.
 */
public final class Simulation implements AutoCloseable {
  /** Under Key Per I/O, one byte of the medium in this many takes plain data. */
  private static final int PLAIN_SHARE = 8;

  private static final long ALIGNMENT_BYTES = 4096;

  private final SimulationConfig config;
  private final SimTime time;
  private final HostMemory memory;
  private final List<EventQueue> events;
  private final IoThreads threads;
  private final List<Device> devices = new ArrayList<>();
  private final List<VolatileMedium> caches = new ArrayList<>(); // if power can be cut
  private final ArmedFaults faults;
  private final @Nullable Fallback fallback;
  private final BlkCrypto blkCrypto;

  public Simulation(SimulationConfig config, Medium medium) {
    if (!config.virtualTime() && (config.powerCuts() || !config.faults().isEmpty())) {
      throw new IllegalArgumentException("power cuts and faults need virtual time");
    }
    if (!medium.carriesBytes() && config.faults().showsOnlyInData()) {
      throw new IllegalArgumentException(
          "nobody would see some of these faults on a medium without bytes: " + config.faults());
    }
    this.config = config;
    faults = config.faults().arm();
    time = config.virtualTime() ? SimTime.virtual() : SimTime.immediate();
    memory = new HostMemory(config.host().memoryBytes());
    events = Stream.generate(time::newEventQueue).limit(config.host().queuePairs()).toList();
    threads = new IoThreads(events);
    boolean made = false;
    try {
      attach(config.device(), medium);
      if (!config.faults().isEmpty()) {
        devices.getFirst().controller().inject(faults);
      }
      fallback = config.fallbackSlots() > 0 ? fallback(config) : null;
      blkCrypto = fallback == null ? BlkCrypto.withoutFallback() : BlkCrypto.over(fallback);
      made = true;
    } finally {
      if (!made) {
        memory.close();
      }
    }
  }

  /** The configured engine where it has the mode, else the fastest. */
  private Fallback fallback(SimulationConfig config) {
    List<CipherEngine> engines = new ArrayList<>(CipherEngine.all());
    engines.addFirst(config.engine());
    return new Fallback(memory, engines, config.fallbackSlots(), time::nowNs);
  }

  /**
   * Brings up one more device. In immediate time, before other threads submit.
   *
   * @return the block layer of its first namespace
   */
  public BlockQueue attach(DeviceModel device, Medium medium) {
    KeyPerIoModel keyPerIo = device.keyPerIo();
    if (keyPerIo != null && keyPerIo.detectsIncorrectKeys() && config.powerCuts()) {
      throw new IllegalArgumentException(
          "what detects incorrect keys does not follow its blocks through a power cut");
    }
    CipherEngine engine = medium.carriesBytes() ? config.engine() : null;
    List<Namespace> namespaces = namespaces(device, config.powerCuts() ? cached(medium) : medium);
    NvmeController controller =
        new NvmeController(
            time,
            memory,
            namespaces,
            new InlineCryptoUnit(device.profile(), engine, device.identitySeed()),
            keyPerIo == null
                ? null
                : new KeyPerIo(keyPerIo, engine, namespaces.size(), device.identitySeed()),
            device.timing(),
            namespaces.size() * config.host().queuePairs(),
            config.tracer());
    NvmeDriver driver =
        new NvmeDriver(
            controller,
            time,
            memory,
            events,
            config.host().queueDepth(),
            config.host().scheduler().requests(config.host().queueDepth()),
            device.identitySeed(),
            config.tracer());
    List<BlockQueue> queues = new ArrayList<>();
    KeyslotManager slots = null; // one for all namespaces that share them
    for (NvmeDisk disk : driver.disks()) {
      boolean tagged = disk.profile().dunIsAddress();
      KeyslotManager keyslots = tagged || slots == null ? keyslots(disk, driver) : slots;
      slots = tagged ? slots : keyslots;
      queues.add(queue(disk, keyslots));
    }
    Device made = new Device(controller, driver, queues);
    driver.whenReset(made::restoreKeys);
    devices.add(made);
    return queues.getFirst();
  }

  private static List<Namespace> namespaces(DeviceModel device, Medium medium) {
    List<NamespaceModel> others = new ArrayList<>();
    if (device.keyPerIo() != null) {
      long plainBytes = medium.capacityBytes() / PLAIN_SHARE / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
      others.add(new NamespaceModel(plainBytes, device.format()));
    }
    others.addAll(device.moreNamespaces());
    long start = medium.capacityBytes();
    for (NamespaceModel other : others) {
      start -= other.bytes();
    }
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(new Namespace(1, medium, 0, start, device.format()));
    for (NamespaceModel other : others) {
      namespaces.add(
          new Namespace(namespaces.size() + 1, medium, start, other.bytes(), other.format()));
      start += other.bytes();
    }
    return namespaces;
  }

  private KeyslotManager keyslots(NvmeDisk disk, NvmeDriver driver) {
    int slotCount = disk.profile().slotCount();
    return new KeyslotManager(
        slotCount,
        disk.keyslotDevice(),
        time::nowNs,
        config.replacement().apply(slotCount),
        driver.runtimePower());
  }

  private BlockQueue queue(NvmeDisk disk, KeyslotManager keyslots) {
    return new BlockQueue(
        disk.limits(),
        disk.capacityBytes() / 512,
        disk.profile(),
        keyslots,
        memory,
        config.tracer(),
        disk,
        threads,
        config.host().queueDepth(),
        config.host().scheduler());
  }

  private Medium cached(Medium medium) {
    VolatileMedium cached = new VolatileMedium(medium);
    caches.add(cached);
    return cached;
  }

  /** The first block device, as a filesystem sees it. */
  public BlockQueue queue() {
    return queue(1);
  }

  /**
   * A namespace of the first device.
   *
   * @param namespace its id, from 1
   */
  public BlockQueue queue(int namespace) {
    return devices.getFirst().queues().get(namespace - 1);
  }

  /**
   * The first block device if it takes plain data; else, under Key Per I/O, the one beside it that
   * does.
   */
  public BlockQueue plainQueue() {
    return queue().profile().dunIsAddress() ? queue(2) : queue();
  }

  /** The way of keys and of bios with crypto contexts to any of the devices. */
  public BlkCrypto blkCrypto() {
    return blkCrypto;
  }

  public SimTime time() {
    return time;
  }

  /** A hash of all commands with their times and slots: equal for equal runs. */
  public long eventLogHash() {
    long hash = 0;
    for (Device device : devices) {
      hash = 31 * hash + device.controller().eventLogHash();
    }
    return hash;
  }

  /** How busy the first device's stations were; nothing where time does not pass. */
  public List<StationUse> stationUse() {
    return devices.getFirst().controller().stationUse();
  }

  /** The driver of the first device, for what it counts. */
  public NvmeDriver driver() {
    return devices.getFirst().driver();
  }

  /**
   * Resets the first device's controller. The slots lose their keys, and every key that the host
   * knows in one is programmed again; keys behind key tags stay. Requests under way are issued
   * again after that. In immediate time there must be none on other threads.
   *
   * @param done told {@link Errno#OK} when that is done; a key that could not be programmed is
   *     counted, and its requests fail
   */
  public void resetController(KeyslotCompletion done) {
    driver().resetController(done);
  }

  /**
   * Takes power from the first device's controller and gives it back: as {@link #resetController},
   * but ephemeral blobs no longer open, so wrapped keys cannot be programmed again. What its medium
   * loses is the medium's business.
   */
  public void powerCycleController(KeyslotCompletion done) {
    devices.getFirst().powerCycle();
    driver().resetController(done);
  }

  /**
   * Cuts the power of all devices at this instant, also from within an event. Each block that was
   * written and not flushed has one of its contents since it was last durable; writes under way are
   * done, or not, or for some of their blocks. Then nothing happens any more: who waits or submits
   * is told with {@link SimulationEnded}, the thread that made this first, the others when it
   * closes this. A new simulation on the same media finds what is left.
   *
   * @param seed chooses what is left
   * @throws IllegalStateException if the configuration is not {@link
   *     SimulationConfig#withPowerCuts}
   */
  public void cutPower(long seed) {
    checkPowerCuts();
    events.getFirst().checkRunning();
    SplittableRandom chance = new SplittableRandom(seed);
    devices.forEach(device -> device.controller().losePower(chance));
    caches.forEach(cache -> cache.losePower(chance.nextLong()));
    time.end();
  }

  /** As {@link #cutPower}, after so many more events. */
  public void cutPowerAfter(long events, long seed) {
    checkPowerCuts();
    time.afterEvents(events, () -> cutPower(seed));
  }

  private void checkPowerCuts() {
    if (!config.powerCuts()) {
      throw new IllegalStateException("the configuration is not withPowerCuts");
    }
  }

  /** How often the faults of the configuration have happened. */
  public FaultCounters faults() {
    return faults.counters();
  }

  /** Ends the simulated threads and frees keys and memory; the media stay open. */
  @Override
  public void close() {
    time.close();
    if (fallback != null) {
      fallback.close();
    }
    devices.forEach(device -> device.controller().close());
    memory.close();
  }

  /** A device, and what the host has made of it. */
  private static final class Device {
    private final NvmeController controller;
    private final NvmeDriver driver;
    private final List<BlockQueue> queues; // one for each namespace
    private boolean hadNoPower;

    Device(NvmeController controller, NvmeDriver driver, List<BlockQueue> queues) {
      this.controller = controller;
      this.driver = driver;
      this.queues = List.copyOf(queues);
    }

    NvmeController controller() {
      return controller;
    }

    NvmeDriver driver() {
      return driver;
    }

    List<BlockQueue> queues() {
      return queues;
    }

    void powerCycle() {
      hadNoPower = true;
      controller.powerCycle();
    }

    /** Programs the keys again that a reset has taken: those behind key tags outlive it. */
    void restoreKeys(KeyslotCompletion done) {
      BlockQueue first = queues.getFirst();
      boolean gone = hadNoPower || !first.profile().dunIsAddress();
      hadNoPower = false;
      if (gone) {
        first.keyslots().reprogramAll(done);
      } else {
        done.done(Errno.OK);
      }
    }
  }
}
