package bench.jmh;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * AES-256-XTS as one would write it over a provider's {@code AES/ECB}, where there is no XTS: for
 * each data unit {@code AES/ECB} for the tweak and for the data, exclusive-ors around. One
 * operation is 64 KiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class HandWrittenXts {
  private static final long SEED = 1;
  private static final int BLOCK_BYTES = 16;
  private static final int KEY_BYTES = 32;

  @Param({"JDK", "BouncyCastle"})
  public String provider;

  @Param({"512", "4096", "65536"})
  public int dataUnitSizeBytes;

  private final byte[] source = new byte[EngineBenchmark.RUN_BYTES];
  private final byte[] target = new byte[EngineBenchmark.RUN_BYTES];
  private Cipher tweakCipher;
  private Cipher encrypting;
  private Cipher decrypting;
  private byte[] unit;
  private byte[] tweaks;
  private long dun;

  @Setup
  public void prepare() throws GeneralSecurityException {
    Random random = new Random(SEED);
    byte[] key = new byte[2 * KEY_BYTES];
    random.nextBytes(key);
    random.nextBytes(source);
    tweakCipher = cipher(Cipher.ENCRYPT_MODE, key, KEY_BYTES);
    encrypting = cipher(Cipher.ENCRYPT_MODE, key, 0);
    decrypting = cipher(Cipher.DECRYPT_MODE, key, 0);
    unit = new byte[dataUnitSizeBytes];
    tweaks = new byte[dataUnitSizeBytes];
    checkOutput();
  }

  @Benchmark
  public byte[] encrypt() throws GeneralSecurityException {
    transform(encrypting, source, target);
    return target;
  }

  @Benchmark
  public byte[] decrypt() throws GeneralSecurityException {
    transform(decrypting, source, target);
    return target;
  }

  private void transform(Cipher cipher, byte[] from, byte[] to) throws GeneralSecurityException {
    for (int at = 0; at < from.length; at += dataUnitSizeBytes) {
      makeTweaks(dun++);
      for (int i = 0; i < unit.length; i++) {
        unit[i] = (byte) (from[at + i] ^ tweaks[i]);
      }
      cipher.doFinal(unit, 0, unit.length, to, at);
      for (int i = 0; i < unit.length; i++) {
        to[at + i] ^= tweaks[i];
      }
    }
  }

  private void makeTweaks(long number) throws GeneralSecurityException {
    ByteBuffer buffer = ByteBuffer.wrap(tweaks).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(0, number).putLong(Long.BYTES, 0);
    tweakCipher.doFinal(tweaks, 0, BLOCK_BYTES, tweaks, 0);
    long low = buffer.getLong(0);
    long high = buffer.getLong(Long.BYTES);
    for (int at = BLOCK_BYTES; at < tweaks.length; at += BLOCK_BYTES) {
      long carry = high >> 63 & 0x87; // IEEE Std 1619, 5.2
      high = high << 1 | low >>> 63;
      low = low << 1 ^ carry;
      buffer.putLong(at, low).putLong(at + Long.BYTES, high);
    }
  }

  private void checkOutput() throws GeneralSecurityException {
    transform(encrypting, source, target);
    byte[] back = new byte[source.length];
    dun = 0;
    transform(decrypting, target, back);
    if (!Arrays.equals(back, source)) {
      throw new IllegalStateException("the hand-written XTS does not decrypt what it encrypts");
    }
  }

  private Cipher cipher(int direction, byte[] key, int offset) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding", provider());
    cipher.init(direction, new SecretKeySpec(key, offset, KEY_BYTES, "AES"));
    return cipher;
  }

  private Provider provider() {
    if (provider.equals("JDK")) {
      return Security.getProvider("SunJCE");
    }
    // By its name among the providers that are there: only inlinecrypt may import Bouncy Castle.
    return ServiceLoader.load(Provider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.getName().equals("BC"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no provider BC"));
  }
}
