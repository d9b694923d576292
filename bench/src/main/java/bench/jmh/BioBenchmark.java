package bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the way from a bio to the medium costs: {@link #bio} against {@link #engineAlone}, the same
 * engine calls on the same pages and addresses in the same order. With two threads, each has a
 * queue pair and a key.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class BioBenchmark {
  @Benchmark
  public void bio(BioDevice device, BioStream stream) {
    stream.runBio();
  }

  @Benchmark
  public void engineAlone(BioDevice device, BioStream stream) {
    stream.runEngine();
  }
}
