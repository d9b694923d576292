package bench.life;

/** Told how far a long piece of work has come. */
public interface Progress {
  /** Says nothing. */
  Progress SILENT = (step, done, total) -> {};

  /**
   * @param step what is being done, a few words
   * @param done of {@code total}, both in bytes
   */
  void at(String step, long done, long total);
}
