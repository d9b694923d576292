package blockdev;

import blockdev.media.Medium;
import blockdev.memory.HostMemory;
import blockdev.nvme.NvmeController;
import blockdev.nvme.NvmeDriver;
import blockdev.queue.BlockQueue;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
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
              config.device().profile(),
              config.engine(),
              config.device().latency(),
              config.host().queuePairs(),
              config.tracer());
      List<EventQueue> events =
          Stream.generate(time::newEventQueue).limit(config.host().queuePairs()).toList();
      NvmeDriver driver =
          new NvmeDriver(
              controller, time, memory, events, config.host().queueDepth(), config.tracer());
      queue =
          new BlockQueue(
              driver.limits(),
              driver.capacityBytes() / 512,
              driver.profile(),
              new KeyslotManager(
                  driver.profile().slotCount(),
                  driver.keyslotDevice(),
                  time::nowNs,
                  config.replacement().apply(driver.profile().slotCount())),
              memory,
              config.tracer(),
              driver,
              events,
              config.host().queueDepth());
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

  /** Ends the simulated threads and frees keys and memory; the medium stays open. */
  @Override
  public void close() {
    time.close();
    controller.close();
    memory.close();
  }
}
