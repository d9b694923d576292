package bench.workload;

import inlinecrypt.CryptoContext;
import org.jspecify.annotations.Nullable;

/**
 * The regions of an area and their keys.
 *
 * @param keys null if the area is plain
 */
record RegionKeys(KeyRegions regions, @Nullable KeySet keys) {
  /** Makes {@code context} the one of a data unit of a region, which a bio begins with. */
  void putInto(CryptoContext context, int region, long dataUnitNumber) {
    if (keys != null) {
      context.set(keys.key(region), dataUnitNumber);
    }
  }
}
