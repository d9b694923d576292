package blockdev.queue.layer;

import blockdev.queue.BlockDevice;
import java.util.List;

/** Sectors that lie in a row on one device ({@code dm-linear}). */
public final class LinearTarget implements Target {
  private final DeviceArea area;
  private final List<BlockDevice> devices;

  /**
   * @throws IllegalArgumentException if the device has no such sectors, or they begin or end inside
   *     one of its blocks
   */
  public LinearTarget(BlockDevice device, long startSector, long sectors) {
    area = new DeviceArea(device, startSector, sectors);
    devices = List.of(device);
  }

  @Override
  public long sectors() {
    return area.sectors();
  }

  @Override
  public List<BlockDevice> devices() {
    return devices;
  }

  @Override
  public int deviceIndex(long sector) {
    return 0;
  }

  @Override
  public long deviceSector(long sector) {
    return area.startSector() + sector;
  }

  @Override
  public long runSectors(long sector) {
    return area.sectors() - sector;
  }

  @Override
  public boolean passesCrypto() {
    return true;
  }
}
