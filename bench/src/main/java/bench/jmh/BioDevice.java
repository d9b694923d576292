package bench.jmh;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import blockdev.queue.BlockQueue;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A device in immediate time on 1 GiB of memory. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class BioDevice {
  static final long MEDIUM_BYTES = 1L << 30;

  @Param("openssl")
  public String engine;

  private MemoryMedium medium;
  private Simulation simulation;

  @Setup(Level.Trial)
  public void open() {
    medium = new MemoryMedium(MEDIUM_BYTES);
    simulation =
        new Simulation(
            SimulationConfig.defaults().withEngine(cipherEngine()).withImmediateTime(), medium);
  }

  @TearDown(Level.Trial)
  public void close() {
    simulation.close();
    medium.close();
  }

  CipherEngine cipherEngine() {
    return CipherEngine.named(engine);
  }

  BlockQueue queue() {
    return simulation.queue();
  }

  MemorySegment medium() {
    return medium.segment();
  }
}
