package bench.workload;

import java.util.Arrays;
import java.util.Random;

/**
 * Ranks drawn by Zipf's law with exponent 1: rank <i>r</i>, from 0, is drawn in proportion to 1 /
 * (<i>r</i> + 1). Weights are integers, so that no rounding differs between machines.
 */
final class ZipfTable {
  private static final int WEIGHT_OF_FIRST = 1 << 24;

  private final int[] cumulativeWeights;

  /**
   * @param ranks from 1 to 65536
   */
  ZipfTable(int ranks) {
    cumulativeWeights = new int[ranks];
    int sum = 0; // below 2^28: the harmonic number of 65536 is 11.7
    for (int rank = 0; rank < ranks; rank++) {
      sum += WEIGHT_OF_FIRST / (rank + 1);
      cumulativeWeights[rank] = sum;
    }
  }

  int draw(Random random) {
    int point = random.nextInt(cumulativeWeights[cumulativeWeights.length - 1]);
    int found = Arrays.binarySearch(cumulativeWeights, point + 1);
    return found >= 0 ? found : -found - 1;
  }
}
