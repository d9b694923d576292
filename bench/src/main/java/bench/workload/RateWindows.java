package bench.workload;

/** A rate, sampled over windows of half a second of virtual time, as fio does. */
public final class RateWindows {
  static final long WINDOW_NS = 500_000_000;

  private double samples;
  private double sum;
  private double squares;
  private double min;
  private double max;

  void reset() {
    samples = 0;
    sum = 0;
    squares = 0;
    min = 0;
    max = 0;
  }

  void add(double perSecond) {
    min = samples == 0 ? perSecond : Math.min(min, perSecond);
    max = Math.max(max, perSecond);
    samples++;
    sum += perSecond;
    squares += perSecond * perSecond;
  }

  public long samples() {
    return (long) samples;
  }

  public double min() {
    return min;
  }

  public double max() {
    return max;
  }

  public double mean() {
    return samples == 0 ? 0 : sum / samples;
  }

  public double deviation() {
    double mean = mean();
    return samples == 0 ? 0 : StrictMath.sqrt(Math.max(0, squares / samples - mean * mean));
  }
}
