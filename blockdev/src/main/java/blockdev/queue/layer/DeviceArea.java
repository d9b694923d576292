package blockdev.queue.layer;

import blockdev.bio.QueueLimits;
import blockdev.queue.BlockDevice;

/** Sectors in a row on a device that a target maps to; checked as {@code dm-table.c} does. */
record DeviceArea(BlockDevice device, long startSector, long sectors) {
  DeviceArea {
    if (sectors <= 0) {
      throw new IllegalArgumentException("sectors must be positive, is " + sectors);
    }
    if (startSector < 0 || startSector > device.capacitySectors() - sectors) {
      throw new IllegalArgumentException(
          "%d sectors from sector %d on do not fit on a device of %d"
              .formatted(sectors, startSector, device.capacitySectors()));
    }
    requireBorder("startSector", startSector, device.limits().logicalBlockBytes());
    requireBorder("sectors", sectors, device.limits().logicalBlockBytes());
  }

  /**
   * @throws IllegalArgumentException if {@code sector} lies inside a block, whose bios could then
   *     not be split there
   */
  static void requireBorder(String name, long sector, int blockBytes) {
    int blockSectors = blockBytes >>> QueueLimits.SECTOR_SHIFT;
    if (sector % blockSectors != 0) {
      throw new IllegalArgumentException(
          "%s must be a multiple of the block of %d sectors, is %d"
              .formatted(name, blockSectors, sector));
    }
  }
}
