package blockdev;

import blockdev.media.Medium;
import blockdev.memory.HostMemory;
import blockdev.nvme.InlineCryptoUnit;
import blockdev.nvme.NvmeController;
import blockdev.nvme.NvmeDriver;
import blockdev.queue.BlockQueue;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.List;
import java.util.stream.Stream;

/**
 * A device on a medium, its driver and its block layer, ready for bios: the one place where the
 * parts are wired together.
 *
 * <pre>
 * try (Medium medium = new MemoryMedium(1L &lt;&lt; 30);
 *     Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
 *   simulation.queue().submitter().submit(bio);
 *   …
 * }
 * </pre>
 *
 * <p>The medium stays the caller's, who reads it past the device, and closes it after this.
 */
public final class Simulation implements AutoCloseable {
  private final SimTime time;
  private final HostMemory memory;
  private final NvmeController controller;
  private final BlockQueue queue;

  public Simulation(SimulationConfig config, Medium medium) {
    time = config.virtualTime() ? SimTime.virtual() : SimTime.immediate();
    memory = new HostMemory(config.host().memoryBytes());
    boolean made = false;
    try {
      controller =
          new NvmeController(
              time,
              memory,
              medium,
              config.device().logicalBlockBytes(),
              new InlineCryptoUnit(
                  config.device().profile(), config.engine(), config.device().identitySeed()),
              config.device().latency(),
              config.host().queuePairs(),
              config.tracer());
      List<EventQueue> events =
          Stream.generate(time::newEventQueue).limit(config.host().queuePairs()).toList();
      NvmeDriver driver =
          new NvmeDriver(
              controller,
              time,
              memory,
              events,
              config.host().queueDepth(),
              config.host().scheduler().requests(config.host().queueDepth()),
              config.tracer());
      queue =
          new BlockQueue(
              driver.limits(),
              driver.capacityBytes() / 512,
              driver.profile(),
              new KeyslotManager(driver.profile().slotCount(), driver.keyslotDevice(), time::nowNs),
              memory,
              config.tracer(),
              driver,
              events,
              config.host().queueDepth(),
              config.host().scheduler());
      made = true;
    } finally {
      if (!made) {
        memory.close();
      }
    }
  }

  /** The block device, as a filesystem sees it. */
  public BlockQueue queue() {
    return queue;
  }

  public SimTime time() {
    return time;
  }

  /** A hash of all commands with their times and slots: equal for equal runs. */
  public long eventLogHash() {
    return controller.eventLogHash();
  }

  /**
   * Resets the device as far as its crypto unit: the slots lose their keys, and every key that the
   * host knows in one is programmed again, as a driver does after a controller reset. Commands
   * under way that name a slot end with IOERR; in immediate time there must be none.
   *
   * @param done told {@link Errno#OK} when that is done; a key that could not be programmed is
   *     counted, and its requests fail
   */
  public void resetCryptoUnit(KeyslotCompletion done) {
    controller.resetCryptoUnit();
    queue.keyslots().reprogramAll(done);
  }

  /**
   * Takes power from the device and gives it back, as far as its crypto unit: as {@link
   * #resetCryptoUnit}, but ephemeral blobs no longer open, so wrapped keys cannot be programmed
   * again.
   */
  public void powerCycleCryptoUnit(KeyslotCompletion done) {
    controller.powerCycleCryptoUnit();
    queue.keyslots().reprogramAll(done);
  }

  /** Ends the simulated threads and frees keys and memory; the medium stays open. */
  @Override
  public void close() {
    time.close();
    controller.close();
    memory.close();
  }
}
