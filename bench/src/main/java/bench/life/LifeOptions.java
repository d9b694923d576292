package bench.life;

import blockdev.fs.StrategyKind;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import inlinecrypt.engine.CipherEngine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the main job is asked to do.
 *
 * @param input a directory
 * @param deviceBytes a multiple of 4096, or {@link #ENOUGH}
 * @param image where to leave the device's bytes, null for nowhere
 * @param sabotage what to break, null for nothing
 */
public record LifeOptions(
    Path input,
    long deviceBytes,
    DevicePreset device,
    MediaPreset media,
    StrategyKind strategy,
    CipherEngine engine,
    @Nullable Path image,
    long seed,
    @Nullable Sabotage sabotage) {
  /** Stands for a device with room for the input and everything that is done with it. */
  public static final long ENOUGH = 0;

  /** Keyslots of the device; 0 if it has none. */
  public int slots() {
    return device.profile().slotCount();
  }

  LifeOptions withDeviceBytes(long bytes) {
    return new LifeOptions(input, bytes, device, media, strategy, engine, image, seed, sabotage);
  }
}
