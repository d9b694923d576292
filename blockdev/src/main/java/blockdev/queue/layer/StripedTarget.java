package blockdev.queue.layer;

import blockdev.queue.BlockDevice;
import java.util.List;

/**
 * Sectors that lie on several devices in turn, a chunk on each ({@code dm-stripe}, RAID 0). Chunks
 * need not be a power of two.
 */
public final class StripedTarget implements Target {
  private final long sectors;
  private final int chunkSectors;
  private final List<BlockDevice> devices;
  private final long[] startSectors; // by device

  /** Where the chunks of one device begin. */
  public record Stripe(BlockDevice device, long startSector) {}

  /**
   * @param sectors of all stripes together
   * @throws IllegalArgumentException if {@code sectors} is not that many whole chunks on each
   *     device, a device has no room for its part, or a chunk begins inside one of its blocks
   */
  public StripedTarget(long sectors, int chunkSectors, List<Stripe> stripes) {
    if (stripes.isEmpty() || chunkSectors <= 0) {
      throw new IllegalArgumentException(
          stripes.size() + " stripes in chunks of " + chunkSectors + " sectors hold nothing");
    }
    if (sectors % ((long) stripes.size() * chunkSectors) != 0) {
      throw new IllegalArgumentException(
          "%d sectors are no whole chunks of %d on each of %d stripes"
              .formatted(sectors, chunkSectors, stripes.size()));
    }
    for (Stripe stripe : stripes) {
      new DeviceArea(stripe.device, stripe.startSector, sectors / stripes.size());
      DeviceArea.requireBorder(
          "chunkSectors", chunkSectors, stripe.device.limits().logicalBlockBytes());
    }
    this.sectors = sectors;
    this.chunkSectors = chunkSectors;
    devices = stripes.stream().map(Stripe::device).toList();
    startSectors = stripes.stream().mapToLong(Stripe::startSector).toArray();
  }

  @Override
  public long sectors() {
    return sectors;
  }

  @Override
  public List<BlockDevice> devices() {
    return devices;
  }

  @Override
  public int deviceIndex(long sector) {
    return (int) (sector / chunkSectors % startSectors.length);
  }

  @Override
  public long deviceSector(long sector) {
    long chunkOfDevice = sector / chunkSectors / startSectors.length;
    return startSectors[deviceIndex(sector)] + chunkOfDevice * chunkSectors + sector % chunkSectors;
  }

  @Override
  public long runSectors(long sector) {
    return chunkSectors - sector % chunkSectors;
  }

  @Override
  public boolean passesCrypto() {
    return true;
  }
}
