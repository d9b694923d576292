package bench.workload;

import inlinecrypt.CryptoContext;
import org.jspecify.annotations.Nullable;

/**
 * The regions of an area and their keys.
 *
 * @param keys null if the area is plain
 * @param addressed whether the device numbers data units by their addresses, and not the job by
 *     their regions
 */
record RegionKeys(KeyRegions regions, @Nullable KeySet keys, boolean addressed) {
  /**
   * Makes {@code context} the one of a data unit of a region, which a bio at {@code offsetBytes}
   * begins with.
   */
  void putInto(CryptoContext context, int region, long dataUnitNumber, long offsetBytes) {
    if (keys != null) {
      context.set(
          keys.key(region), addressed ? offsetBytes / regions.dataUnitBytes() : dataUnitNumber);
    }
  }
}
