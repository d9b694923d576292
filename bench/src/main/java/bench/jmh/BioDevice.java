package bench.jmh;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.media.MemoryMedium;
import blockdev.queue.BlockQueue;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
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
  private final List<CryptoKey> keys = new ArrayList<>();

  @Setup(Level.Trial)
  public void open() {
    medium = new MemoryMedium(MEDIUM_BYTES);
    simulation =
        new Simulation(
            SimulationConfig.defaults().withEngine(cipherEngine()).withImmediateTime(), medium);
  }

  /** Closes the keys too: JMH may end a thread's state after this one, or before. */
  @TearDown(Level.Trial)
  public void close() {
    for (CryptoKey key : keys) {
      queue().keyslots().evict(key, result -> key.close()); // in immediate time: at once
    }
    simulation.close();
    medium.close();
  }

  synchronized CryptoKey newKey(CryptoConfig config, byte[] rawKey) {
    CryptoKey key = new CryptoKey(config, rawKey);
    keys.add(key);
    return key;
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
