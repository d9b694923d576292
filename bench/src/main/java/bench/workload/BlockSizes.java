package bench.workload;

import java.util.List;

/**
 * The sizes of a job's I/Os, each with its share: fio's {@code bs} and {@code bssplit}.
 *
 * @param bytes positive multiples of 512
 * @param percents as many, which add up to 100
 */
public record BlockSizes(List<Integer> bytes, List<Integer> percents) {
  /** As large as a request can be. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int SECTOR_BYTES = 512;

  public BlockSizes {
    for (int size : bytes) {
      if (size < SECTOR_BYTES || size > MAX_BYTES || size % SECTOR_BYTES != 0) {
        throw new IllegalArgumentException(
            "a block size must be a multiple of 512 bytes up to 1 MiB, is " + size);
      }
    }
    int sum = percents.stream().mapToInt(Integer::intValue).sum();
    if (sum != 100 || percents.stream().anyMatch(percent -> percent < 0)) {
      throw new IllegalArgumentException(
          "the shares of block sizes must be 100 percent, are " + sum);
    }
    bytes = List.copyOf(bytes);
    percents = List.copyOf(percents);
  }

  public static BlockSizes all(int bytes) {
    return new BlockSizes(List.of(bytes), List.of(100));
  }

  public int smallestBytes() {
    return bytes.stream().mapToInt(Integer::intValue).min().orElseThrow();
  }

  public int largestBytes() {
    return bytes.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  /** What draws an index into {@link #bytes}. */
  RankSampler sampler() {
    return RankSampler.level(bytes.size(), (first, end) -> percents.get((int) first));
  }
}
