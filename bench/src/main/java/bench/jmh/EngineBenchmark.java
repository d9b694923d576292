package bench.jmh;

import inlinecrypt.engine.CipherEngine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Engine alone: one operation is 64 KiB of native memory that stays in the cache, which is one call
 * for all data units or, in the authenticated modes, one for each message; each thread with memory
 * of its own, all with one keyed cipher. The counter {@code bytes} is the figure to read: bytes per
 * second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class EngineBenchmark {
  static final int RUN_BYTES = 65536;

  private static final long SEED = 1;

  @Param({"openssl", "jce", "bouncycastle", "reference"})
  public String engine;

  /** The name of a constant in {@code CryptoMode} or {@code AeadMode}. */
  @Param({"AES_256_XTS"})
  public String mode;

  @Param({"512", "4096", "65536"})
  public int dataUnitSizeBytes;

  private MeasuredCipher cipher;

  /** The memory a thread works on, and the bytes it has transformed, which JMH turns into speed. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Run {
    public long bytes;

    private MeasuredCipher.Run run;

    @Setup
    public void prepare(EngineBenchmark benchmark) {
      run = benchmark.cipher.newRun();
    }
  }

  @Setup
  public void prepare() {
    cipher = keyed(engine);
    checkOutput();
  }

  @TearDown
  public void close() {
    cipher.close();
  }

  @Benchmark
  public void encrypt(Run run) {
    run.run.encrypt();
    run.bytes += RUN_BYTES;
  }

  @Benchmark
  public void decrypt(Run run) {
    run.run.decrypt();
    run.bytes += RUN_BYTES;
  }

  /** What the benchmark times is what the reference predicts, and can be undone. */
  private void checkOutput() {
    MeasuredCipher.Run run = cipher.newRun();
    try (MeasuredCipher reference = keyed("reference")) {
      if (run.ciphertext().mismatch(reference.newRun().ciphertext()) >= 0) {
        throw new IllegalStateException(engine + " does not encrypt as the reference does");
      }
    }
    if (!run.comesBack()) {
      throw new IllegalStateException(engine + " does not decrypt what it encrypts");
    }
  }

  private MeasuredCipher keyed(String name) {
    return MeasuredMode.ofConstant(mode)
        .keyed(CipherEngine.named(name), SEED, RUN_BYTES, dataUnitSizeBytes);
  }
}
