package blockdev.queue.layer;

import blockdev.queue.BlockDevice;
import java.util.List;

/**
 * Where the sectors of one part of a mapped device lie ({@code struct dm_target}). Sectors have 512
 * bytes, and count from the start of the target.
 */
public sealed interface Target extends AutoCloseable
    permits LinearTarget, StripedTarget, InlineCryptTarget {
  long sectors();

  /** What it lies on; a device may be there more than once. */
  List<BlockDevice> devices();

  /** Which of {@link #devices} has {@code sector}. */
  int deviceIndex(long sector);

  /** Where on its device {@code sector} is. */
  long deviceSector(long sector);

  /** How many sectors from {@code sector} on follow one another on its device. */
  long runSectors(long sector);

  /**
   * Whether a bio's crypto context still means the same on the devices below ({@code
   * DM_TARGET_PASSES_CRYPTO}).
   */
  boolean passesCrypto();

  /** The largest logical block of the devices below, or what the target itself needs. */
  default int logicalBlockBytes() {
    return devices().stream()
        .mapToInt(device -> device.limits().logicalBlockBytes())
        .max()
        .orElseThrow();
  }

  /** Lets go of what the target holds, once its bios have ended; the devices stay open. */
  @Override
  default void close() {}
}
