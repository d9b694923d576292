package bench.workload;

import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockQueue;
import blockdev.queue.IoThread;
import blockdev.queue.crypto.BlkCrypto;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of the areas that jobs work on, on one device, and the way there. Jobs of the same area
 * have the same keys.
 */
final class AreaKeys {
  private final BlockQueue device;
  private final BlkCrypto blkCrypto;
  private final Map<KeyRegions, RegionKeys> areas = new LinkedHashMap<>();

  AreaKeys(BlockQueue device, BlkCrypto blkCrypto) {
    this.device = device;
    this.blkCrypto = blkCrypto;
  }

  /**
   * Makes the keys of {@code jobs}; those that were made when this throws are there too.
   *
   * @param bytesAreThere whether there are bytes that the software fallback can encrypt
   * @param compared whether what is read is compared with what was written, so that no two keys may
   *     be for the same place
   * @param outlivePower whether they are needed after a loss of power
   * @throws UnsupportedJobException if the device cannot do what a job asks for
   */
  void makeFor(List<Job> jobs, boolean bytesAreThere, boolean compared, boolean outlivePower)
      throws UnsupportedJobException {
    int blockBytes = device.limits().logicalBlockBytes();
    for (Job job : jobs) {
      KeyRegions regions = job.regions();
      if (regions.dataUnitBytes() < blockBytes) {
        throw unsupported(
            job,
            "offset and block sizes must be multiples of the device's block of "
                + blockBytes
                + " bytes");
      }
      if (!areas.containsKey(regions)) {
        if (compared && areas.keySet().stream().anyMatch(regions::overlaps)) {
          throw unsupported(
              job, "under verify, areas of jobs must be the same, with the same keys, or apart");
        }
        KeySet keys = regions.keys() == 0 ? null : keys(job, bytesAreThere, outlivePower);
        if (keys == null && device.profile().dunIsAddress()) {
          throw unsupported(job, "the device takes no data without a key");
        }
        areas.put(regions, new RegionKeys(regions, keys, device.profile().dunIsAddress()));
      }
    }
  }

  private KeySet keys(Job job, boolean bytesAreThere, boolean outlivePower)
      throws UnsupportedJobException {
    KeyRegions regions = job.regions();
    CryptoConfig crypto =
        new CryptoConfig(CryptoMode.AES_256_XTS, regions.dataUnitBytes(), regions.dunBytes());
    boolean wrapped = device.profile().hasModes() && !device.profile().takes(KeyType.RAW);
    if (wrapped && outlivePower) {
      throw unsupported(job, "keys that this device has wrapped do not outlive power");
    }
    KeySet keys =
        wrapped
            ? KeySet.wrapped(crypto, regions.keys(), device)
            : new KeySet(crypto, regions.keys(), SeededStream.mix(job.seed() + areas.size()));
    CryptoConfig config = keys.key(0).config();
    if (!bytesAreThere && !BlkCrypto.isNativelySupported(device, config)) {
      keys.close();
      throw unsupported(
          job,
          "the device cannot encrypt this itself, and the software fallback needs bytes to"
              + " encrypt: run it with a real payload");
    }
    Errno errno = blkCrypto.startUsing(device, keys.key(0));
    if (errno != Errno.OK) {
      keys.close();
      throw unsupported(
          job, "the device takes no " + config + ", and nothing else does (" + errno + ")");
    }
    return keys;
  }

  private static UnsupportedJobException unsupported(Job job, String why) {
    return new UnsupportedJobException("job " + job.name() + ": " + why);
  }

  /** The area of a job that keys were made for. */
  RegionKeys of(Job job) {
    RegionKeys area = areas.get(job.regions());
    assert area != null : job;
    return area;
  }

  Collection<RegionKeys> all() {
    return areas.values();
  }

  /**
   * Where {@code thread} submits the I/Os of a job: past blk-crypto where the device does all
   * itself, so that nothing is between.
   */
  BioSubmitter submitter(Job job, IoThread thread) {
    KeySet keys = of(job).keys();
    return keys == null || BlkCrypto.isNativelySupported(device, keys.key(0).config())
        ? device.submitter(thread)
        : blkCrypto.submitter(device, thread);
  }

  /** Where the main thread submits I/Os of any area. */
  BioSubmitter submitter() {
    return blkCrypto.submitter(device);
  }

  /** Takes all keys from the device, which uses none of them any more, and closes them. */
  void evictAndClose() {
    for (RegionKeys area : areas.values()) {
      if (area.keys() != null) {
        area.keys().evictFrom(blkCrypto, device);
        area.keys().close();
      }
    }
  }
}
