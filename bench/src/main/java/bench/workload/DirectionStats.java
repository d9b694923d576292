package bench.workload;

/** What became of a job's I/Os in one direction, since its ramp time was over. */
public final class DirectionStats {
  private final LatencyStats submission = new LatencyStats();
  private final LatencyStats completion = new LatencyStats();
  private final LatencyStats total = new LatencyStats();
  private final RateWindows bytesPerSecond = new RateWindows();
  private final RateWindows iosPerSecond = new RateWindows();
  private long ios;
  private long bytes;
  private long windowEndNs;
  private long windowIos;
  private long windowBytes;

  /** Of a job that does nothing in that direction. */
  public static DirectionStats none() {
    return new DirectionStats();
  }

  void reset(long nowNs) {
    submission.reset();
    completion.reset();
    total.reset();
    bytesPerSecond.reset();
    iosPerSecond.reset();
    ios = 0;
    bytes = 0;
    windowEndNs = nowNs + RateWindows.WINDOW_NS;
    windowIos = 0;
    windowBytes = 0;
  }

  void record(int ioBytes, long startNs, long issuedNs, long nowNs) {
    while (nowNs >= windowEndNs) {
      bytesPerSecond.add(windowBytes * (1e9 / RateWindows.WINDOW_NS));
      iosPerSecond.add(windowIos * (1e9 / RateWindows.WINDOW_NS));
      windowEndNs += RateWindows.WINDOW_NS;
      windowIos = 0;
      windowBytes = 0;
    }
    ios++;
    bytes += ioBytes;
    windowIos++;
    windowBytes += ioBytes;
    submission.record(issuedNs - startNs);
    completion.record(nowNs - issuedNs);
    total.record(nowNs - startNs);
  }

  public long ios() {
    return ios;
  }

  public long bytes() {
    return bytes;
  }

  /** From the job's submission until the driver took the request: the waits of the block layer. */
  public LatencyStats submission() {
    return submission;
  }

  /** From there to the end. */
  public LatencyStats completion() {
    return completion;
  }

  /** Both together. */
  public LatencyStats total() {
    return total;
  }

  public RateWindows bytesPerSecond() {
    return bytesPerSecond;
  }

  public RateWindows iosPerSecond() {
    return iosPerSecond;
  }
}
