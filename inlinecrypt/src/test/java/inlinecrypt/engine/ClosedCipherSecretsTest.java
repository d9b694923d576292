package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.memory.ChildProcess;
import inlinecrypt.memory.Secret;
import inlinecrypt.mode.Adiantum;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The key of a closed cipher is nowhere in the memory of the process, nor that of one that could
 * not be made.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ClosedCipherSecretsTest {
  private static final Secret NOT_MADE = new Secret(1000, 32);

  @Test
  void noKeyOutlivesItsCipher() throws Exception {
    Map<String, byte[]> keys = new TreeMap<>();
    Map<String, byte[]> derived = new TreeMap<>();
    for (CipherEngine engine : enginesHere()) {
      for (CryptoMode mode : modesThatWipe(engine)) {
        byte[] key = key(engine, mode).bytes();
        keys.put(engine.name() + " " + mode, key);
        derived.put(
            "SHA-256 for " + engine.name() + " " + mode,
            MessageDigest.getInstance("SHA-256").digest(key));
      }
      for (AeadMode mode : AeadMode.values()) {
        keys.put(engine.name() + " " + mode, key(engine, mode).bytes());
      }
    }
    try (ChildProcess child = ChildProcess.start(Ciphers.class)) {
      child.await("open");
      Map<String, byte[]> all = new TreeMap<>(keys);
      all.put("not made", NOT_MADE.bytes());
      assertThat(child.secretsFound(all)).isEqualTo(keys.keySet());
      child.goOn();
      child.await("closed");
      keys.putAll(derived); // of which ESSIV uses some
      assertThat(child.secretsFound(keys)).isEmpty();
    }
  }

  private static List<CipherEngine> enginesHere() {
    return CipherEngine.all().stream()
        .filter(engine -> engine.unavailableBecause().isEmpty())
        .toList();
  }

  /** Of SM4's key schedule Bouncy Castle only drops its own copy. */
  private static List<CryptoMode> modesThatWipe(CipherEngine engine) {
    return Arrays.stream(CryptoMode.values())
        .filter(engine::supports)
        .filter(mode ->
            !engine.name().equals("bouncycastle")
                || mode != CryptoMode.SM4_XTS && mode != CryptoMode.SM4_CBC_CTS)
        .toList();
  }

  private static Secret key(CipherEngine engine, CryptoMode mode) {
    return new Secret(number(engine) + mode.ordinal(), mode.keyBytes());
  }

  private static Secret key(CipherEngine engine, AeadMode mode) {
    return new Secret(number(engine) + 50 + mode.ordinal(), AeadMode.KEY_BYTES);
  }

  private static int number(CipherEngine engine) {
    return 100 * CipherEngine.all().indexOf(engine);
  }

  /** Uses and closes a cipher of each mode of each engine. */
  static final class Ciphers {
    private static final int LENGTH_BYTES = 8192;

    private final List<DataUnitCipher> ciphers = new ArrayList<>();
    private final List<AeadCipher> aeads = new ArrayList<>();
    private final MemorySegment data = Arena.global().allocate(LENGTH_BYTES);
    private final MemorySegment nonce = Arena.global().allocate(AeadMode.NONCE_BYTES);
    private final MemorySegment tag = Arena.global().allocate(AeadMode.TAG_BYTES);
    private final MemorySegment key = Arena.global().allocate(64);

    public static void main(String[] arguments) throws IOException {
      Ciphers all = new Ciphers();
      for (CipherEngine engine : enginesHere()) {
        modesThatWipe(engine).forEach(mode -> all.use(engine, mode));
        for (AeadMode mode : AeadMode.values()) {
          all.use(engine, mode);
        }
      }
      all.failToMake();
      ChildProcess.sayAndWait("open");
      all.ciphers.forEach(DataUnitCipher::close);
      all.aeads.forEach(AeadCipher::close);
      ChildProcess.sayAndWait("closed");
    }

    private void use(CipherEngine engine, CryptoMode mode) {
      key(engine, mode).reveal(key);
      DataUnitCipher cipher = engine.prepare(mode, key.asSlice(0, mode.keyBytes()));
      key.fill((byte) 0);
      ciphers.add(cipher);
      for (int unitBytes : new int[] {16, 512, 4096, LENGTH_BYTES}) {
        cipher.encrypt(1, 2, 3, 4, unitBytes, data, 0, data, 0, LENGTH_BYTES);
        cipher.decrypt(1, 2, 3, 4, unitBytes, data, 0, data, 0, LENGTH_BYTES);
      }
      if (mode.takesAnyLength()) {
        cipher.encrypt(1, 2, 3, 4, 4097, data, 0, data, 0, 4097);
        cipher.decrypt(1, 2, 3, 4, 4097, data, 0, data, 0, 4097);
      }
    }

    private void use(CipherEngine engine, AeadMode mode) {
      key(engine, mode).reveal(key);
      AeadCipher cipher = engine.prepareAead(mode, key.asSlice(0, AeadMode.KEY_BYTES));
      key.fill((byte) 0);
      aeads.add(cipher);
      cipher.seal(nonce, nonce, data, data, tag);
      boolean authentic = cipher.open(nonce, nonce, data, data, tag);
      assert authentic;
    }

    /** Of all ciphers, Adiantum goes through the most memory before it asks for its AES. */
    private void failToMake() {
      byte[] bytes = new byte[NOT_MADE.sizeBytes()];
      NOT_MADE.reveal(MemorySegment.ofArray(bytes));
      try {
        new Adiantum(
            bytes,
            12,
            aesKey -> {
              throw new IllegalStateException("there is no AES");
            });
        throw new AssertionError("it was made");
      } catch (IllegalStateException expected) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }
}
