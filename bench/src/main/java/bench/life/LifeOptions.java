package bench.life;

import blockdev.fs.StrategyKind;
import inlinecrypt.engine.CipherEngine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the main job is asked to do.
 *
 * @param input a directory
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
    @Nullable Sabotage sabotage) {}
