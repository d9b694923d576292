package bench.jmh;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.ExtentInfo;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.InodeInfo;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.Nonce;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** What a key costs from its nonce, or its bytes, to its end, in time a key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class KeySetupBenchmark {
  private static final long SEED = 1;
  private static final int BLOCK_BYTES = 4096;

  @Param({"openssl"})
  public String engine;

  /** Of the keyed ciphers; a key per extent is always one of AES-256-XTS. */
  @Param({"AES_256_XTS"})
  public CryptoMode mode;

  private CipherEngine cipherEngine;
  private Keyring keyring;
  private InodeInfo inode;
  private MemorySegment rawKey;
  private MemorySegment block;
  private long nonce;

  @Setup
  public void prepare() {
    cipherEngine = CipherEngine.named(engine);
    keyring = new Keyring(new FilesystemTraits(true, BLOCK_BYTES, Long.MAX_VALUE));
    byte[] bytes = new byte[CryptoMode.AES_256_XTS.keyBytes()];
    new Random(SEED).nextBytes(bytes);
    rawKey = MemorySegment.ofArray(Arrays.copyOf(bytes, mode.keyBytes()));
    FscryptPolicy policy = FscryptPolicy.aes256Xts(keyring.add(bytes));
    inode = InodeInfo.unlock(keyring, new FscryptContext(policy, new Nonce(1, 2)));
    block = Arena.ofAuto().allocate(BLOCK_BYTES);
  }

  @TearDown
  public void close() {
    inode.close();
    keyring.close();
  }

  /** The keyed cipher alone: made and closed. */
  @Benchmark
  public void prepareAndClose() {
    cipherEngine.prepare(mode, rawKey).close();
  }

  /** The same, with the first block encrypted, which makes what is put off until then. */
  @Benchmark
  public void prepareEncryptOneBlockAndClose() {
    try (DataUnitCipher cipher = cipherEngine.prepare(mode, rawKey)) {
      cipher.encrypt(0, 0, 0, 0, BLOCK_BYTES, block, 0, block, 0, BLOCK_BYTES);
    }
  }

  /** A per-extent key by HKDF-SHA512, its {@code CryptoKey}, the keyed cipher; all closed. */
  @Benchmark
  public void derivePrepareAndClose() {
    try (ExtentInfo extent = inode.newExtent(() -> new Nonce(3, nonce++))) {
      cipherEngine.prepare(CryptoMode.AES_256_XTS, extent.key().exposeSecretBytes()).close();
    }
  }
}
