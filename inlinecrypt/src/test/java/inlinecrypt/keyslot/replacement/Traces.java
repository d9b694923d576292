package inlinecrypt.keyslot.replacement;

import java.util.SplittableRandom;

/** Seeded requests for keys that are numbered from 0. */
final class Traces {
  private Traces() {}

  /** Some keys are hot, which ones changes now and then, and sometimes all are gone through. */
  static int[] trace(long seed, int keyCount, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] trace = new int[length];
    int shift = 0;
    int scanLeft = 0;
    for (int place = 0; place < length; place++) {
      if (random.nextInt(400) == 0) {
        shift = random.nextInt(keyCount);
      }
      if (random.nextInt(300) == 0) {
        scanLeft = keyCount;
      }
      int rank = Math.min(random.nextInt(keyCount), random.nextInt(keyCount));
      rank = Math.min(rank, random.nextInt(keyCount));
      trace[place] = scanLeft > 0 ? --scanLeft : (rank + shift) % keyCount;
    }
    return trace;
  }
}
