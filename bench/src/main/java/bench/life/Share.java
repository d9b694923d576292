package bench.life;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Some of many, for what need not be done with all: one in eight, and at least one. */
final class Share {
  private static final int ONE_IN = 8;

  private Share() {}

  static <T> List<T> of(List<T> all, SplittableRandom random) {
    List<T> chosen = new ArrayList<>();
    for (T candidate : all) {
      if (random.nextInt(ONE_IN) == 0) {
        chosen.add(candidate);
      }
    }
    if (chosen.isEmpty() && !all.isEmpty()) {
      chosen.add(all.get(random.nextInt(all.size())));
    }
    return chosen;
  }
}
