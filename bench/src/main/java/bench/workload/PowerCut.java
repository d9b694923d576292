package bench.workload;

/**
 * That power is to be cut during a run.
 *
 * @param afterIos when so many I/Os of jobs have ended, flushes not counted; when all jobs have, if
 *     there are fewer
 * @param seed chooses what is left of what was not flushed
 */
public record PowerCut(long afterIos, long seed) {
  public PowerCut {
    if (afterIos < 1) {
      throw new IllegalArgumentException("power is cut after 1 I/O or more, not " + afterIos);
    }
  }

  /**
   * Reads {@code after=N} or {@code after=N,seed=S}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static PowerCut parse(String text) {
    long afterIos = 0;
    long seed = 1;
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value = part.substring(equals + 1);
      switch (key) {
        case "after" -> afterIos = whole(value, text);
        case "seed" -> seed = whole(value, text);
        default -> throw new IllegalArgumentException("after=N[,seed=S] is meant, not " + text);
      }
    }
    return new PowerCut(afterIos, seed);
  }

  private static long whole(String value, String text) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + value + "' is no number in " + text, e);
    }
  }
}
