package bench.life;

import blockdev.fs.StrategyKind;
import inlinecrypt.engine.CipherEngine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the main job is asked to do.
 *
 * @param input a directory
 * @param deviceBytes a multiple of 4096, or {@link #ENOUGH}
 * @param slots keyslots of the device; 0 for one without inline encryption
 * @param image where to leave the device's bytes, null for nowhere
 * @param sabotage what to break, null for nothing
 */
public record LifeOptions(
    Path input,
    long deviceBytes,
    int slots,
    StrategyKind strategy,
    CipherEngine engine,
    @Nullable Path image,
    long seed,
    @Nullable Sabotage sabotage) {
  /** Stands for a device with room for the input and everything that is done with it. */
  public static final long ENOUGH = 0;

  LifeOptions withDeviceBytes(long bytes) {
    return new LifeOptions(input, bytes, slots, strategy, engine, image, seed, sabotage);
  }
}
