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
 * AES-256-XTS, engine alone: one operation is one call over 64 KiB of native memory that stays in
 * the cache. The counter {@code bytes} is the figure to read: bytes per second.
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

  @Param({"512", "4096", "65536"})
  public int dataUnitSizeBytes;

  private MemorySegment source;
  private MemorySegment target;
  private DataUnitCipher cipher;
  private long dun;

  /** Bytes transformed, which JMH turns into bytes per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Transformed {
    public long bytes;
  }

  @Setup
  public void prepare() {
    Arena arena = Arena.ofAuto();
    source = arena.allocate(RUN_BYTES, ALIGNMENT_BYTES);
    target = arena.allocate(RUN_BYTES, ALIGNMENT_BYTES);
    Random random = new Random(SEED);
    byte[] key = new byte[CryptoMode.AES_256_XTS.keyBytes()];
    random.nextBytes(key);
    byte[] plaintext = new byte[RUN_BYTES];
    random.nextBytes(plaintext);
    MemorySegment.copy(plaintext, 0, source, ValueLayout.JAVA_BYTE, 0, RUN_BYTES);
    cipher = CipherEngine.named(engine).prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key));
    checkOutput(key);
  }

  @TearDown
  public void close() {
    cipher.close();
  }

  @Benchmark
  public void encrypt(Transformed transformed) {
    cipher.encrypt(dun++, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, RUN_BYTES);
    transformed.bytes += RUN_BYTES;
  }

  @Benchmark
  public void decrypt(Transformed transformed) {
    cipher.decrypt(dun++, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, RUN_BYTES);
    transformed.bytes += RUN_BYTES;
  }

  /** What the benchmark times is what the reference predicts, and can be undone. */
  private void checkOutput(byte[] key) {
    MemorySegment expected = MemorySegment.ofArray(new byte[RUN_BYTES]);
    try (DataUnitCipher reference =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      reference.encrypt(-1, 0, 0, 0, dataUnitSizeBytes, source, 0, expected, 0, RUN_BYTES);
    }
    cipher.encrypt(-1, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, RUN_BYTES);
    if (target.mismatch(expected) >= 0) {
      throw new IllegalStateException(engine + " does not encrypt as the reference does");
    }
    cipher.decrypt(-1, 0, 0, 0, dataUnitSizeBytes, target, 0, target, 0, RUN_BYTES);
    if (target.mismatch(source) >= 0) {
      throw new IllegalStateException(engine + " does not decrypt what it encrypts");
    }
  }
}
