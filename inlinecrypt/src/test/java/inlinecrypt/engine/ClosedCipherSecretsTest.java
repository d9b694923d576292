package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import inlinecrypt.memory.ChildProcess;
import inlinecrypt.memory.Secret;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of a closed cipher is nowhere in the memory of the process. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ClosedCipherSecretsTest {
  @ParameterizedTest
  @ValueSource(strings = {"openssl", "jce", "bouncycastle", "reference"})
  void noKeyOutlivesItsCipher(String engine) throws Exception {
    CipherEngine here = CipherEngine.named(engine);
    Map<String, byte[]> keys = new TreeMap<>();
    Map<String, byte[]> derived = new TreeMap<>();
    for (CryptoMode mode : modesThatWipe(here)) {
      byte[] key = key(mode).bytes();
      keys.put(mode.name(), key);
      derived.put("SHA-256 of " + mode, MessageDigest.getInstance("SHA-256").digest(key));
    }
    for (AeadMode mode : AeadMode.values()) {
      keys.put(mode.name(), key(mode).bytes());
    }
    try (ChildProcess child = ChildProcess.start(Ciphers.class, engine)) {
      child.await("open");
      assertThat(child.secretsFound(keys)).isEqualTo(keys.keySet());
      child.goOn();
      child.await("closed");
      keys.putAll(derived); // of which ESSIV uses some
      assertThat(child.secretsFound(keys)).isEmpty();
    }
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

  private static Secret key(CryptoMode mode) {
    return new Secret(mode.ordinal(), mode.keyBytes());
  }

  private static Secret key(AeadMode mode) {
    return new Secret(100 + mode.ordinal(), AeadMode.KEY_BYTES);
  }

  /** Uses and closes a cipher of each mode of the engine named. */
  static final class Ciphers {
    private static final int LENGTH_BYTES = 8192;

    public static void main(String[] arguments) throws IOException {
      CipherEngine engine = CipherEngine.named(arguments[0]);
      List<DataUnitCipher> ciphers = new ArrayList<>();
      List<AeadCipher> aeads = new ArrayList<>();
      MemorySegment data = Arena.global().allocate(LENGTH_BYTES);
      MemorySegment nonce = Arena.global().allocate(AeadMode.NONCE_BYTES);
      MemorySegment tag = Arena.global().allocate(AeadMode.TAG_BYTES);
      MemorySegment key = Arena.global().allocate(64);
      for (CryptoMode mode : modesThatWipe(engine)) {
        key(mode).reveal(key);
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
      for (AeadMode mode : AeadMode.values()) {
        key(mode).reveal(key);
        AeadCipher cipher = engine.prepareAead(mode, key.asSlice(0, AeadMode.KEY_BYTES));
        key.fill((byte) 0);
        aeads.add(cipher);
        cipher.seal(nonce, nonce, data, data, tag);
        boolean authentic = cipher.open(nonce, nonce, data, data, tag);
        assert authentic;
      }
      ChildProcess.sayAndWait("open");
      ciphers.forEach(DataUnitCipher::close);
      aeads.forEach(AeadCipher::close);
      ChildProcess.sayAndWait("closed");
    }
  }
}
