package bench.jmh;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
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
 * Engine alone: one operation is one call over 64 KiB of native memory that stays in the cache,
 * each thread with memory of its own, all with one keyed cipher. The counter {@code bytes} is the
 * figure to read: bytes per second.
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
  private static final int ALIGNMENT_BYTES = 4096;

  @Param({"openssl", "bouncycastle", "reference"})
  public String engine;

  @Param({"AES_256_XTS"})
  public CryptoMode mode;

  @Param({"512", "4096", "65536"})
  public int dataUnitSizeBytes;

  private byte[] key;
  private DataUnitCipher cipher;

  /** The memory a thread works on, and the bytes it has transformed, which JMH turns into speed. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Run {
    public long bytes;

    private MemorySegment source;
    private MemorySegment target;
    private long dun;

    @Setup
    public void prepare() {
      Arena arena = Arena.ofAuto();
      source = arena.allocate(RUN_BYTES, ALIGNMENT_BYTES);
      target = arena.allocate(RUN_BYTES, ALIGNMENT_BYTES);
      byte[] plaintext = new byte[RUN_BYTES];
      new Random(SEED).nextBytes(plaintext);
      MemorySegment.copy(plaintext, 0, source, ValueLayout.JAVA_BYTE, 0, RUN_BYTES);
    }
  }

  @Setup
  public void prepare() {
    key = new byte[mode.keyBytes()];
    new Random(SEED).nextBytes(key);
    cipher = CipherEngine.named(engine).prepare(mode, MemorySegment.ofArray(key));
    checkOutput();
  }

  @TearDown
  public void close() {
    cipher.close();
  }

  @Benchmark
  public void encrypt(Run run) {
    cipher.encrypt(run.dun++, 0, 0, 0, dataUnitSizeBytes, run.source, 0, run.target, 0, RUN_BYTES);
    run.bytes += RUN_BYTES;
  }

  @Benchmark
  public void decrypt(Run run) {
    cipher.decrypt(run.dun++, 0, 0, 0, dataUnitSizeBytes, run.source, 0, run.target, 0, RUN_BYTES);
    run.bytes += RUN_BYTES;
  }

  /** What the benchmark times is what the reference predicts, and can be undone. */
  private void checkOutput() {
    Run run = new Run();
    run.prepare();
    MemorySegment expected = MemorySegment.ofArray(new byte[RUN_BYTES]);
    try (DataUnitCipher reference =
        CipherEngine.named("reference").prepare(mode, MemorySegment.ofArray(key))) {
      reference.encrypt(-1, 0, 0, 0, dataUnitSizeBytes, run.source, 0, expected, 0, RUN_BYTES);
    }
    cipher.encrypt(-1, 0, 0, 0, dataUnitSizeBytes, run.source, 0, run.target, 0, RUN_BYTES);
    if (run.target.mismatch(expected) >= 0) {
      throw new IllegalStateException(engine + " does not encrypt as the reference does");
    }
    cipher.decrypt(-1, 0, 0, 0, dataUnitSizeBytes, run.target, 0, run.target, 0, RUN_BYTES);
    if (run.target.mismatch(run.source) >= 0) {
      throw new IllegalStateException(engine + " does not decrypt what it encrypts");
    }
  }
}
