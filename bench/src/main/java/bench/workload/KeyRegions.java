package bench.workload;

/**
 * An area of the device, cut into equal regions, each with a key of its own. Equal areas have the
 * same keys, whatever job they belong to. Plain areas are one region.
 *
 * @param offsetBytes where the first region begins
 * @param regionBytes a multiple of the job's smallest block; what is left of the area is not used
 * @param keys as many as regions, or 0
 * @param dataUnitBytes 4096 if all I/Os are made of such, else 512
 */
record KeyRegions(long offsetBytes, long regionBytes, int keys, int dataUnitBytes) {
  private static final int PAGE_BYTES = 4096;
  static final int SECTOR_BYTES = 512;

  static KeyRegions of(long offsetBytes, long sizeBytes, int keys, BlockSizes blockSizes) {
    int smallest = blockSizes.smallestBytes();
    int count = Math.max(1, keys);
    boolean pages =
        offsetBytes % PAGE_BYTES == 0
            && blockSizes.bytes().stream().allMatch(bytes -> bytes % PAGE_BYTES == 0);
    return new KeyRegions(
        offsetBytes,
        sizeBytes / count / smallest * smallest,
        keys,
        pages ? PAGE_BYTES : SECTOR_BYTES);
  }

  int count() {
    return Math.max(1, keys);
  }

  /** Of all regions. */
  long sizeBytes() {
    return count() * regionBytes;
  }

  long endBytes() {
    return offsetBytes + sizeBytes();
  }

  boolean overlaps(KeyRegions other) {
    return offsetBytes < other.endBytes() && other.offsetBytes < endBytes();
  }

  /** Bytes that the largest data unit number needs. */
  int dunBytes() {
    long largest = regionBytes / dataUnitBytes - 1;
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(largest) + 7) / Byte.SIZE);
  }
}
