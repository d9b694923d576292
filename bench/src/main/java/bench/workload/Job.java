package bench.workload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One job: what a number of clones of it do to an area of the device. Names and rules are fio's,
 * except where said.
 *
 * <p>The area has {@link #keys} keys. Each encrypts a <em>region</em> of its own, the area being
 * cut into that many equal ones, and data units are numbered from the start of the region, as they
 * are in an extent with a key of its own. So the key of a block follows from the block, and
 * whatever is read is read with the key that wrote it.
 *
 * <p>Without a {@link #keyPopularity} a block is chosen in the whole area, and its key is the one
 * of its region: a sequential job goes through one region after the other. With one, the key is
 * chosen first, and the block in its region: random jobs draw it there, and sequential jobs go on
 * where they were in that region, so that they are as many interleaved streams as there are keys.
 *
 * @param offsetBytes where the area begins
 * @param sizeBytes of the area
 * @param ioBytes that each clone moves at most; fio's {@code io_size}, which is {@code size} if
 *     nothing else ends the job
 * @param ios of all clones together at most, 0 for no such limit
 * @param depth I/Os that each clone has under way
 * @param clones fio's {@code numjobs}; all in the same area
 * @param readPercent of the I/Os of mixed jobs
 * @param popularity of blocks, for random jobs; blocks may come again before all others did, as
 *     with fio's {@code norandommap}
 * @param runtimeNs virtual time after which no I/O is started, 0 for no such limit
 * @param timeBased whether it goes on until then, whatever it has moved
 * @param rampNs virtual time before the runtime begins, in which nothing is counted
 * @param fsync writes of a clone after which it flushes the device, 0 for never; the flush is one
 *     of its I/Os under way, and covers what had ended when it was submitted
 * @param iopsPerClone rate that a clone keeps to, 0 for as fast as it goes
 * @param thinkNs that a clone starts no other I/O after one has ended
 * @param stonewall whether it waits for the jobs before it
 * @param reportTogether whether its clones are one line of the report: fio's {@code
 *     group_reporting}, but for the clones of one job only
 * @param percentiles of completion latency in the report
 * @param keys 0 for plain I/O
 * @param keyPopularity which keys are used how often; null if that follows from the blocks
 * @param options what was asked for, in the words it was asked with
 */
public record Job(
    String name,
    ReadWrite readWrite,
    BlockSizes blockSizes,
    long offsetBytes,
    long sizeBytes,
    long ioBytes,
    long ios,
    int depth,
    int clones,
    int readPercent,
    Popularity popularity,
    long seed,
    long runtimeNs,
    boolean timeBased,
    long rampNs,
    int fsync,
    int iopsPerClone,
    long thinkNs,
    boolean stonewall,
    boolean reportTogether,
    List<Double> percentiles,
    int keys,
    @Nullable Popularity keyPopularity,
    Map<String, String> options) {
  public static final int MAX_KEYS = 1 << 20;
  public static final int MAX_DEPTH = 1023;
  public static final int MAX_CLONES = 256;

  private static final long MAX_BLOCKS = 1L << 31; // what scattering can multiply

  public Job {
    if (offsetBytes % KeyRegions.SECTOR_BYTES != 0) {
      throw new IllegalArgumentException(
          "job " + name + ": offset must be a multiple of 512, is " + offsetBytes);
    }
    KeyRegions regions = KeyRegions.of(offsetBytes, sizeBytes, keys, blockSizes);
    if (regions.regionBytes() < blockSizes.largestBytes()) {
      throw new IllegalArgumentException(
          "job "
              + name
              + ": "
              + sizeBytes
              + " bytes are too few for "
              + regions.count()
              + " keys with an I/O of "
              + blockSizes.largestBytes()
              + " bytes each");
    }
    if (sizeBytes / blockSizes.smallestBytes() > MAX_BLOCKS) {
      throw new IllegalArgumentException(
          "job " + name + ": size has more than " + MAX_BLOCKS + " blocks");
    }
    if (keyPopularity != null && keys == 0) {
      throw new IllegalArgumentException("job " + name + ": without keys there is none to choose");
    }
    percentiles = List.copyOf(percentiles);
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  KeyRegions regions() {
    return KeyRegions.of(offsetBytes, sizeBytes, keys, blockSizes);
  }

  /** What clone {@code index} has of {@link #ios}. */
  long iosOfClone(int index) {
    return ios == 0 ? Long.MAX_VALUE : ios / clones + (index < ios % clones ? 1 : 0);
  }
}
